"""Names of people and organisations must not contain web or email addresses, since mails to strangers repeat them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Mail programs turn words with these endings into links: country codes, and other common top-level domains. Without
# ltd, inc, coop, gmbh, sarl and srl, which occur in companies' names, and without surnames: Dr.Kim.
# https://www.iana.org/domains/root/db
COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi
gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw
ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn
so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws
ye yt za zm zw рф бг укр срб қаз бел мкд 中国 中國 台湾 台灣 香港 한국 भारत امارات السعودية ایران مصر
"""
OTHERS = """
com net org info biz name pro mobi edu gov int mil app dev page web website site online space store shop xyz top club
live life world today click link zip mov icu vip work fun cloud digital email tech blog news media agency support help
services solutions center finance money cash loan bank insurance crypto bet casino win bid trade download stream rest
ink one buzz cyou sbs cfd bond monster quest lol academy accountant actor africa apartments archi army art asia
associates attorney auction audio auto autos baby band bar barcelona bargains bayern beauty beer berlin best bible bike
bingo bio blackfriday boats boston boutique brussels build builders business cab cafe cam camera camp capital cards care
careers casa catering ceo chat cheap christmas church city claims cleaning clinic clothing coach codes coffee cologne
community company computer condos construction consulting contractors cooking cool country coupons courses credit
creditcard cricket cruises dance date dating day deals degree delivery democrat dental dentist desi design diamonds diet
direct directory discount doctor domains earth eco education energy engineer engineering enterprises equipment estate
events exchange expert exposed express fail faith family fans farm fashion film financial fish fishing fit fitness
flights florist flowers football forex forsale forum foundation fund furniture futbol fyi gallery game games garden gdn
gift gifts gives glass global golf google graphics gratis gripe group guide guitars guru hair hamburg haus health
healthcare hiphop hiv hockey holdings holiday homes horse hospital host hosting house how immo immobilien industries
institute insure international investments irish ist istanbul jewelry jobs kaufen kitchen koeln land lat lease legal
lgbt lighting limo loans luxury madrid makeup management market marketing markets mba melbourne memorial men menu miami
moda mom mortgage moscow motorcycles movie museum navy network nexus ninja nyc okinawa ooo organic partners parts party
pet phd photo photography photos physio pics pictures pizza place plumbing plus poker porn press productions promo
properties property protection pub qpon racing realestate realty recipes red rehab reise reisen rent rentals repair
report republican restaurant review reviews rio rip rocks rodeo rugby ruhr run sale salon school schule science scot
security select sexy shiksha shoes shopping show singles skin skiing soccer social software solar soy spa sport studio
study style sucks supplies supply surf surgery swiss systems taipei tattoo tax taxi team technology tel tennis theater
theatre tickets tienda tips tires tirol tokyo tools tours town toys trading training travel tube university uno
vacations vegas ventures versicherung vet viajes video villas vin vision vlaanderen vodka vote voting voyage wales watch
watches webcam wedding weibo whoswho wien wiki wine works wtf xin xxx yachts yoga yokohama you zone онлайн сайт орг ком
москва рус дети 公司 网络 网址 商城 在线 中文网 コム みんな 닷컴 닷넷 شبكة موقع संगठन
"""
ENDINGS = "|".join(sorted({*COUNTRIES.split(), *OTHERS.split()}, key=len, reverse=True))
# At least two characters before the ending, or a path after it: "B.Sc", "J.Lo" and "A.G." are not addresses.
PART = r"[\w-]{1,63}"  # https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
HOST = rf"(?:[\w-]{{2,63}}|{PART}\.{PART})\.(?:xn--{PART}|{ENDINGS})(?![\w-])|{PART}\.(?:{ENDINGS})/"
NUMBER = r"\d{1,3}(?:\.\d{1,3}){3}"
ADDRESS = re.compile(rf"@|://|\bwww\.|\bmailto:|{HOST}|{NUMBER}", re.IGNORECASE)
# Characters that browsers treat as a dot between two labels, except those that NFKC maps to one.
DOTS = str.maketrans("。・․", "...")

LONGEST = 1000  # Characters that are checked: no name is as long, and checking a megabyte would take long.

NO_ADDRESS = _("A name cannot contain a web address or an email address. Write it with a space instead of the dot.")


def holds_address(name: str) -> bool:
    """Would a mail program turn a part of this name into a link?"""
    plain = unicodedata.normalize("NFKC", name[:LONGEST]).translate(DOTS)
    visible = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return bool(ADDRESS.search(visible))


def no_address(name: str) -> None:
    """A validator for names. Raises ValidationError for a name that contains an address."""
    if holds_address(name):
        raise ValidationError(NO_ADDRESS, code="address")


def in_mail(name: str, *, instead: str | Promise) -> str | Promise:
    """A name for mails: `instead`, if it contains an address, as usernames and old names may."""
    return instead if holds_address(name) else name
