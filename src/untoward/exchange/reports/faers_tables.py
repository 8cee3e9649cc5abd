"""The tables of a FAERS quarter: their columns, which are used, and what may stand in each.

Source: the column notes that come with each quarter (ASC_NTS). AERS quarters (`aers`) have the same tables under
other names.
"""

from __future__ import annotations

from untoward.exchange.reports.columns import Column, Table

_KEY = r"\d{1,18}"
_NUMBER = r"(?:\d{1,18})?"
_DECIMAL = r"(?:-?\d*\.?\d*)"
_DATE = r"(?:(?:19|20)\d\d(?:(?:0\d|1[0-2])(?:[0-3]\d)?)?)?"
_YES_NO = r"[YN]?"
_AGE_CODE = r"(?:DEC|YR|MON|WK|DY|HR|MIN|SEC)?"
_AGE_GROUP = r"[NICTAE]?"
_SEX = r"(?i:F|M|FEMALE|MALE|UNK|NS|YR|U|T|P)?"
_CHALLENGE = r"[YNUD]?"
_COUNTRY = r"(?:[A-Z]{2}|COUNTRY NOT SPECIFIED)?"
_WORDS_OF_A_COUNTRY = r"[A-Za-z .,'()&\[\]/-]*"

DEMO = Table(
    name="DEMO",
    columns=(
        Column(name="primaryid", pattern=_KEY, used=True, wanted=True),
        Column(name="caseid", pattern=_NUMBER, used=True, firm=True, wanted=True),
        Column(name="caseversion", pattern=_NUMBER, used=True),
        Column(name="i_f_code", pattern="[IF]?"),
        Column(name="event_dt", pattern=_DATE, used=True),
        Column(name="mfr_dt", pattern=_DATE),
        Column(name="init_fda_dt", pattern=_DATE),
        Column(name="fda_dt", pattern=_DATE, used=True, firm=True, wanted=True),
        Column(name="rept_cod", pattern=r"(?:EXP|PER|DIR|5DAY|30DAY)?"),
        Column(name="auth_num"),
        Column(name="mfr_num"),
        Column(name="mfr_sndr"),
        Column(name="lit_ref"),
        Column(name="age", pattern=_DECIMAL, used=True),
        Column(name="age_cod", pattern=_AGE_CODE, used=True),
        Column(name="age_grp", pattern=_AGE_GROUP),
        Column(name="sex", pattern=_SEX, used=True),
        Column(name="e_sub", pattern=_YES_NO),
        Column(name="wt", pattern=_DECIMAL),
        Column(name="wt_cod", pattern=r"(?:KG|LBS|GMS)?"),
        Column(name="rept_dt", pattern=_DATE),
        Column(name="to_mfr", pattern=_YES_NO),
        Column(name="occp_cod", pattern=r"(?:MD|PH|OT|LW|CN|HP|RN)?", used=True),
        Column(name="reporter_country", pattern=_WORDS_OF_A_COUNTRY, used=True),
        Column(name="occr_country", pattern=_COUNTRY, used=True),
        Column(name="death_dt", pattern=_DATE, used=True),
        Column(name="confid", pattern=_YES_NO),
        Column(name="image"),
    ),
)

DRUG = Table(
    name="DRUG",
    columns=(
        Column(name="primaryid", pattern=_KEY, used=True, wanted=True),
        Column(name="caseid", pattern=_NUMBER),
        Column(name="drug_seq", pattern=_NUMBER, used=True, firm=True),
        Column(name="role_cod", pattern=r"(?:PS|SS|C|I|DN)?", used=True, wanted=True),
        Column(name="drugname", used=True, wanted=True),
        Column(name="prod_ai", used=True),
        Column(name="val_vbm", pattern="[12]?"),
        Column(name="route", used=True),
        Column(name="dose_vbm", used=True),
        Column(name="cum_dose_chr", pattern=_DECIMAL),
        Column(name="cum_dose_unit", pattern=r"[A-Za-z/.%* ]*"),
        Column(name="dechal", pattern=_CHALLENGE),
        Column(name="rechal", pattern=_CHALLENGE),
        Column(name="lot_num", used=True),
        Column(name="exp_dt", pattern=r"[\d/A-Za-z -]*"),
        Column(name="nda_num", pattern=r"\d*"),
        Column(name="dose_amt", pattern=r"(?:\d[\d.,]*)?"),
        Column(name="dose_unit"),
        Column(name="dose_form"),
        Column(name="dose_freq"),
    ),
)

REAC = Table(
    name="REAC",
    columns=(
        Column(name="primaryid", pattern=_KEY, used=True, wanted=True),
        Column(name="caseid", pattern=_NUMBER),
        Column(name="pt", filled=True, used=True, wanted=True),
        Column(name="drug_rec_act"),
    ),
)

OUTC = Table(
    name="OUTC",
    columns=(
        Column(name="primaryid", pattern=_KEY, used=True, wanted=True),
        Column(name="caseid", pattern=_NUMBER),
        Column(name="outc_cod", pattern="(?:DE|LT|HO|DS|CA|RI|OT)?", used=True, wanted=True),
    ),
)

THER = Table(
    name="THER",
    columns=(
        Column(name="primaryid", pattern=_KEY, used=True, wanted=True),
        Column(name="caseid", pattern=_NUMBER),
        Column(name="dsg_drug_seq", pattern=_NUMBER, used=True, firm=True, wanted=True),
        Column(name="start_dt", pattern=_DATE, used=True, wanted=True),
        Column(name="end_dt", pattern=_DATE),
        Column(name="dur", pattern=_DECIMAL),
        Column(name="dur_cod", pattern=r"(?:YR|MON|WK|DAY|HR|MIN|SEC)?"),
    ),
)

TABLES = {table.name: table for table in (DEMO, DRUG, REAC, OUTC, THER)}
"""The tables that are read, by the letters that their files' names start with."""

UNUSED = {"INDI": "indi_pt", "RPSR": "rpsr_cod"}
"""Tables of which nothing goes into reports, and the column that tells each."""

TELLING = {
    "DEMO": "fda_dt",
    "DRUG": "drugname",
    "REAC": "pt",
    "OUTC": "outc_cod",
    "THER": "start_dt",
    **UNUSED,
}
"""The column that only one table has."""

ALIASES = {
    "isr": "primaryid",
    "case": "caseid",
    "i_f_cod": "i_f_code",
    "foll_seq": "caseversion",
    "gndr_cod": "sex",
    "lot_nbr": "lot_num",
    "outc_code": "outc_cod",
}
"""Names of columns in AERS and in early FAERS quarters, and what they are called today."""


def aliases_of(table: str) -> dict[str, str]:
    """Other names of the columns of one table: early files number the drugs of THER as those of DRUG."""
    return {**ALIASES, "drug_seq": "dsg_drug_seq"} if table == "THER" else ALIASES
