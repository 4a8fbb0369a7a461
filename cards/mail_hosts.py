"""Hosts of mailboxes that people mistype: "@qq.con" was meant to be "@qq.com"."""

OFTEN_USED = frozenset(
    {
        "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "139.com", "189.cn", "wo.cn", "sina.com", "sina.cn",
        "sohu.com", "aliyun.com", "gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com",
        "yahoo.com",
        # One slip away from another, and real all the same.
        "mail.com", "ymail.com", "email.com", "me.com", "mac.com", "gmx.com",
    }
)  # fmt: skip


def likely_host(address: str) -> str:
    """Give the host that the address was likely meant to have, if one slip leads from it to what was typed: a letter
    wrong, missing, too many, or two the wrong way round. "" where the host is used often itself, where nothing is that
    near, and where two are. It knows nothing but what was typed, so it tells a stranger nothing.
    """
    host = address.rpartition("@")[2]
    if not host or host in OFTEN_USED:
        return ""
    near = [known for known in OFTEN_USED if _one_slip(host, known)]
    return near[0] if len(near) == 1 else ""


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one slip makes `typed` out of `meant` (a Damerau-Levenshtein distance of 1)."""
    shorter, longer = sorted((typed, meant), key=len)
    if len(longer) - len(shorter) == 1:
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(longer) != len(shorter):
        return False
    differ = [at for at, pair in enumerate(zip(typed, meant, strict=True)) if pair[0] != pair[1]]
    if len(differ) == 2 and differ[1] - differ[0] == 1:
        first, second = differ
        return (typed[first], typed[second]) == (meant[second], meant[first])
    return len(differ) == 1
