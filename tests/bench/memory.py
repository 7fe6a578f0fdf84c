"""What a process weighs, from /proc: https://docs.kernel.org/filesystems/proc.html (smaps_rollup)."""

from pathlib import Path

MIB = 1024


def mebibytes(pid: int) -> dict[str, float]:
    """`rss`, `pss` (shared pages by their share) and `private` (what would be free without this process)."""
    kibibytes = dict.fromkeys(("Rss", "Pss", "Private_Clean", "Private_Dirty"), 0)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        if name in kibibytes:
            kibibytes[name] = int(value.split()[0])
    private = kibibytes["Private_Clean"] + kibibytes["Private_Dirty"]
    return {"rss": kibibytes["Rss"] / MIB, "pss": kibibytes["Pss"] / MIB, "private": private / MIB}
