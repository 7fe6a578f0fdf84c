"""scratch: hostile fuzz of SCIM & API & callbacks"""
import json, random, pytest, traceback
from collections import Counter
from profiles.testing import SiteClient
from profiles.models import User
from tenants.context import within
from django.test import Client
from django.db import transaction
from tests.profiles.scim.conftest import Provisioner, connect, USER, PATCH, GROUP
VALS=[None,True,False,0,-1,1,10**18,10**19,10**400,1e308,1e400,-1e400,float("nan"),"","a","\x00","a\x00b","\ud800","\ufdd0","é"*300,"x"*5000,"x"*200000,[],{},[[]],[{}],{"a":1},{"value":None},[{"value":1}],[{"value":"1"}],[{"value":"\x00"}],[None],["x"],[1],"9"*30,"1e5","İ@x.example","a@b","a@"+"b"*300+".example","=cmd","<b>","http://evil.example","\u202e"]
ATTRS=["userName","externalId","name","name.givenName","name.familyName","emails","emails[type eq \"work\"].value","emails[primary eq true].value","emails.value","active","displayName","members","members[value eq \"1\"]","members[value eq \"x\"]","groups","id","meta","meta.location","schemas","password","roles","urn:ietf:params:scim:schemas:core:2.0:User:userName","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","photos","locale","timezone","title","phoneNumbers","addresses","x","","[","a.b.c.d","members.value","members[","emails[type eq","emails[not (type eq \"x\")].value","emails[value pr]","userName[","name[givenName eq \"a\"]"]
def check(bad, what, call):
    try:
        with transaction.atomic():
            r=call()
            code=r.status_code
            transaction.set_rollback(True)
        if code>=500: bad[("status",code,what[:160])]+=1
    except Exception as e:
        tb=traceback.extract_tb(e.__traceback__); last=[f for f in tb if 'wt/faults' in f.filename and 'tests' not in f.filename][-1:]
        bad[(type(e).__name__, str(e)[:90], tb[-1].filename[-50:]+":"+str(tb[-1].lineno), (last and last[0].filename[-40:]+":"+str(last[0].lineno)), )]+=1
        bad.setdefault(("eg",type(e).__name__,str(e)[:50]), what[:200]) if False else None
        EG.setdefault((type(e).__name__,str(e)[:60]),what[:200])
EG={}
def dumps(x):
    return json.dumps(x)
def test_scim(acme, reader, editor, settings):
    settings.LIMITS = settings.LIMITS | {"scim": {"token": (10**6, 60)}, "api": {k:(10**6,60) for k in settings.LIMITS.get("api",{})}}
    e=Provisioner(acme, connect(acme)); bad=Counter(); rnd=random.Random(5)
    with within(acme):
        g=e.call("POST","Groups",{"schemas":[GROUP],"displayName":"G"}).told["id"]
    n=0
    for kind,pk in (("Users",reader.pk),("Groups",g)):
        for attr in ATTRS:
            for v in rnd.sample(VALS,6):
                for op in rnd.sample(["add","replace","remove","Add",""],1):
                    o={"op":op,"path":attr,"value":v}
                    if rnd.random()<.15: o.pop("path"); 
                    if rnd.random()<.1: o["value"]={attr:v}
                    n+=1
                    check(bad,f"PATCH {kind} {o!r}",lambda: e.call("PATCH",f"{kind}/{pk}",dumps({"schemas":[PATCH],"Operations":[o]})))
            for v in rnd.sample(VALS,2):
                body={"schemas":[USER if kind=="Users" else GROUP],"userName":"n@acme.example","displayName":"n","emails":[{"value":"n@acme.example"}],attr.split("[")[0].split(".")[0]:v}
                check(bad,f"POST {kind} {body!r}",lambda: e.call("POST",kind,dumps(body)))
                check(bad,f"PUT {kind} {body!r}",lambda: e.call("PUT",f"{kind}/{pk}",dumps(body)))
        for attr in ATTRS:
            for v in rnd.sample([dumps(x) for x in VALS if not isinstance(x,(list,dict))]+['"','1.','tru','"\\ud800"','"\\u0000"','99999999999999999999999'],4):
                f=f"{attr} eq {v}"[:990]
                if rnd.random()<.3: f=f"({f}) or ({f}) and {f}"[:990]
                check(bad,f"GET {kind} {f!r}",lambda: e.get(f"/scim/v2/{kind}",{"filter":f}))
        for k in ("startIndex","count","attributes","excludedAttributes","sortBy","sortOrder","filter"):
            for v in ["","-1","0","9"*19,"9"*5000,"1e400","nan","\x00","\ud800".encode("utf-8","surrogatepass"),"a"*3000,"userName,emails.value,x","urn:x:y","members","id.x","["]:
                check(bad,f"GET {kind} {k}={v!r}",lambda: e.get(f"/scim/v2/{kind}",{k:v}))
                check(bad,f"GET1 {kind} {k}={v!r}",lambda: e.get(f"/scim/v2/{kind}/{pk}",{k:v}))
        for h in ("If-Match","If-None-Match"):
            for v in ["*",'W/"','"'*500,"\xff","W/\"a\", \"b\"",""]:
                check(bad,f"{h} {v!r}",lambda: e.call("PATCH",f"{kind}/{pk}",{"schemas":[PATCH],"Operations":[]},**{h:v}))
                check(bad,f"{h} {v!r}",lambda: e.call("GET",f"{kind}/{pk}",**{h:v}))
    print("tried",n)
    for k,v in bad.most_common(): print(v,k)
    for k,v in EG.items(): print(k,"::",v)
def test_api(acme, owner, reader, settings):
    settings.LIMITS = {a:{k:(10**6,60) for k in v} for a,v in settings.LIMITS.items()}
    from profiles.api.changes import issue, Wishes
    with within(acme): _t,text=issue(member=owner,wishes=Wishes("s",["write","assistants:write"]))
    c=SiteClient(acme,HTTP_AUTHORIZATION=f"Bearer {text}"); bad=Counter(); rnd=random.Random(7)
    doc=c.get("/api/v1/openapi.json").json() if c.get("/api/v1/openapi.json").status_code==200 else None
    print("doc", bool(doc)); n=0
    if doc:
        def props(schema):
            if "$ref" in schema: schema=doc["components"]["schemas"][schema["$ref"].split("/")[-1]]
            return list(schema.get("properties",{}))
        for path,ops in doc["paths"].items():
            for m,op in ops.items():
                if m not in ("get","post","put","patch","delete"): continue
                full=path if path.startswith("/api") else "/api/v1"+path
                names=[]
                for ct in op.get("requestBody",{}).get("content",{}).values(): names=props(ct["schema"])
                pars=[p["name"] for p in op.get("parameters",[]) if p["in"]=="query"]
                import re
                for arg in ("1","0","-1","9"*19,"9"*30,"%00","%ff","reader","a"*3000,"%ED%A0%80","1e5"):
                    p=re.sub(r"\{[^}]+\}",arg,full)
                    check(bad,f"{m} {p}",lambda: c.generic(m.upper(),p,"{}",content_type="application/json"))
                p=re.sub(r"\{[^}]+\}",rnd.choice(["reader",str(reader.pk)]),full)
                for q in pars:
                    for v in ["","\x00","9"*40,"nan","x"*5000,b"\xff","~","a~b~c","1~2","true",b"\xed\xa0\x80"]:
                        check(bad,f"{m} {p}?{q}={v!r}",lambda: c.generic(m.upper(),p,"",QUERY_STRING=__import__("urllib.parse").parse.urlencode({q:v})))
                for name in names:
                    for v in rnd.sample(VALS,6):
                        n+=1
                        check(bad,f"{m} {p} {name}={v!r}",lambda: c.generic(m.upper(),p,dumps({name:v}),content_type="application/json"))
                for raw in (b"",b"\xff",b"{",b"[",b"null",b"1e999",b"["*100000,b'{"a":'*50000,b'{"a":1,"a":2}',b'\x00',b'"'+b'x'*1000,b'NaN'):
                    for ct in ("application/json","text/plain","application/x-www-form-urlencoded","multipart/form-data","application/json; charset=utf-16","application/json; charset=rot13",""):
                        if rnd.random()<.4: check(bad,f"{m} {p} {raw[:20]!r} {ct}",lambda: c.generic(m.upper(),p,raw,content_type=ct))
                check(bad,f"{m} {p} idem",lambda: c.generic(m.upper(),p,"{}",content_type="application/json",headers={"Idempotency-Key":"x"*5000}))
                check(bad,f"{m} {p} idem",lambda: c.generic(m.upper(),p,"{}",content_type="application/json",headers={"Idempotency-Key":"\xff\x00"}))
    # assistants
    for raw in [b"",b"{",b"null",b"[]",b"[[]]",b"1",b"["*100000]+[dumps({"jsonrpc":"2.0","id":v,"method":me,"params":pa}).encode() for v in VALS for me in ("initialize","tools/list","tools/call",None,7) for pa in (None,[],{"name":v},{"name":"members","arguments":v},{"protocolVersion":v})]:
        for path in ("/assistants/","/mcp/","/api/mcp/","/mcp"):
            check(bad,f"mcp {path} {raw[:120]!r}",lambda: c.generic("POST",path,raw,content_type="application/json"))
    print("tried",n)
    for k,v in bad.most_common(): print(v,k)
    for k,v in EG.items(): print(k,"::",v)
