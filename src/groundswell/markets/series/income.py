"""Which prices leave out income, by symbol: those of bond funds and of indices without dividends."""

from __future__ import annotations

import re

BOND_FUNDS = frozenset(
    """
    AGG AGGH AGGY AGZ ANGL BAB BIL BILS BINC BIV BKLN BLV BND BNDW BNDX BOND BOXX BSV BWX CWB DODIX EDV EMB EMLC
    FALN FBND FLOT FLRN FLTR FTSM FXNAX GBIL GOVT GOVZ GSY HYD HYEM HYG HYGV HYLB HYS IBND ICSH ICVT IEF IEI IGIB
    IGLB IGOV IGSB ITM IUSB JAAA JNK JPST LQD LQDH MBB MBS MINT MUB NEAR PFF PGX PHB PIMIX PTTRX PZA SCHO SCHP
    SCHQ SCHR SCHZ SGOV SHM SHV SHY SHYG SJNK SPAB SPBO SPHY SPIB SPLB SPMB SPSB SPTI SPTL SPTS SRLN STIP STPZ SUB
    TBF TBIL TBT TFI TFLO TIP TIPX TIPZ TLH TLT TLTW TMF TMV UBT USFR USHY USIG VBMFX VBTLX VCIT VCLT VCSH VFISX
    VFITX VGIT VGLT VGSH VMBS VTEB VTIP VUSB VUSTX VWEHX VWESX VWOB ZROZ
    """.split()  # noqa: SIM905 - a list of one word a line is hard to read
)
"""Symbols of funds of Treasuries, corporate, municipal and other bonds, bills, loans and preferred shares."""

BOND_WORDS = re.compile(
    r"\b(bonds?|treasur(y|ies)|notes? fund|bills? fund|t-bills?|fixed[- ]income|munis?|municipals?|loans? fund|tips)\b",
    re.IGNORECASE,
)


def is_bond_fund(symbol: str, name: str = "") -> bool:
    """Whether a symbol is that of a bond fund, or the name that a hub gives it says so. An index is no fund."""
    return not symbol.startswith("^") and (symbol in BOND_FUNDS or BOND_WORDS.search(name) is not None)


def has_dividends(symbol: str) -> bool:
    """Whether an index includes dividends, by its symbol: those of total return end in TR."""
    return symbol.startswith("^") and symbol.endswith("TR")
