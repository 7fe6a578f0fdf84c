"""What a process weighs, from /proc: https://docs.kernel.org/filesystems/proc.html (smaps_rollup)."""

from pathlib import Path

MIB = 1024


def mebibytes(pid: int) -> dict[str, float]:
    """`rss`, `pss` (shared pages by their share), `private` (pages that no other process maps) and `anonymous`.

    Of a server process of PostgreSQL, `private` has the shared buffers too that it alone has touched; `anonymous` is
    what it keeps for itself.
    """
    kibibytes = dict.fromkeys(("Rss", "Pss", "Private_Clean", "Private_Dirty", "Anonymous"), 0)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        if name in kibibytes:
            kibibytes[name] = int(value.split()[0])
    private = kibibytes["Private_Clean"] + kibibytes["Private_Dirty"]
    found = {"rss": kibibytes["Rss"], "pss": kibibytes["Pss"], "private": private, "anonymous": kibibytes["Anonymous"]}
    return {name: number / MIB for name, number in found.items()}
