"""Outlines, features and zones of the head, in units of a view 200 wide and 260 high.

A row of a zone: its key, its name, the place as the tables of a registry call it, its short name for typing, its corners.
Zones that are on both sides are given once, for the side to the viewer's right.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from untoward.web.body.shapes import Corner

Row = tuple[str, str, str, str, tuple[Corner, ...]]

FRONT_OUTLINE: tuple[Corner, ...] = (
    (100, 10), (134, 18), (156, 46), (161, 84), (161, 112), (168, 110), (170, 124), (163, 146), (157, 148), (151, 176),
    (134, 208), (128, 216), (130, 240), (146, 258), (100, 260),
)  # fmt: skip
"""Half of it, from the top of the head to the middle of the neck."""

FRONT_FEATURES = (
    "M112 92C122 85 138 86 146 92", "M54 92C62 86 78 85 88 92",
    "M116 106C123 99 135 99 141 107C134 112 123 112 116 106Z", "M59 107C65 99 77 99 84 106C77 112 66 112 59 107Z",
    "M94 104C93 118 90 130 88 137C92 145 108 145 112 137C110 130 107 118 106 104",
    "M80 172C90 165 96 166 100 168C104 166 110 165 120 172C112 183 88 183 80 172ZM80 172C92 175 108 175 120 172",
)  # fmt: skip

FRONT_MIDDLE: tuple[Row, ...] = (
    (
        "forehead",
        _("forehead"),
        "face",
        "fh",
        ((82, 42), (100, 38), (118, 42), (118, 72), (100, 74), (82, 72)),
    ),
    ("glabella", _("glabella"), "face", "gl", ((91, 77), (109, 77), (108, 100), (92, 100))),
    ("nose", _("nose"), "face", "no", ((93, 104), (107, 104), (113, 137), (100, 145), (87, 137))),
    (
        "lip-upper",
        _("upper lip"),
        "face",
        "lu",
        ((80, 160), (100, 152), (120, 160), (117, 170), (100, 168), (83, 170)),
    ),
    (
        "lip-lower",
        _("lower lip"),
        "face",
        "ll",
        ((83, 175), (100, 175), (117, 175), (110, 186), (100, 188), (90, 186)),
    ),
    ("chin", _("chin"), "face", "ch", ((87, 193), (113, 193), (114, 212), (100, 221), (86, 212))),
    (
        "submental",
        _("under the chin"),
        "submental",
        "sm",
        ((82, 222), (100, 226), (118, 222), (117, 236), (83, 236)),
    ),
    ("neck", _("neck, front"), "neck", "ne", ((76, 240), (124, 240), (128, 257), (72, 257))),
)
FRONT_SIDES: tuple[Row, ...] = (
    ("forehead", _("forehead"), "face", "fh", ((122, 43), (140, 52), (146, 80), (122, 73))),
    ("temple", _("temple"), "face", "te", ((147, 62), (156, 78), (157, 100), (149, 98))),
    ("crows-feet", _("crow's feet"), "face", "cf", ((146, 101), (158, 104), (157, 120), (144, 115))),
    ("eyelid-upper", _("upper eyelid"), "face", "eu", ((114, 94), (129, 91), (144, 96), (140, 101), (128, 97), (115, 102))),
    ("tear-trough", _("under the eye"), "face", "tt", ((115, 113), (128, 116), (142, 113), (139, 124), (127, 127), (116, 123))),
    ("cheek", _("cheek"), "face", "ck", ((123, 130), (140, 126), (156, 123), (154, 146), (140, 164), (127, 152))),
    ("nasolabial", _("nasolabial fold"), "face", "nl", ((114, 142), (120, 144), (128, 166), (123, 170), (117, 156))),
    ("marionette", _("marionette line"), "face", "ma", ((122, 174), (128, 174), (126, 196), (118, 194))),
    ("jawline", _("jawline"), "face", "ja", ((152, 154), (149, 176), (132, 206), (118, 217), (117, 208), (131, 194), (141, 170))),
)  # fmt: skip

SIDE_OUTLINE: tuple[Corner, ...] = (
    (112, 12), (78, 22), (60, 48), (56, 76), (52, 88), (55, 98), (46, 118), (35, 134), (40, 140), (50, 143), (46, 152),
    (42, 160), (48, 166), (45, 174), (52, 184), (48, 196), (54, 210), (78, 218), (94, 228), (98, 244), (94, 260),
    (164, 260), (158, 226), (164, 190), (182, 152), (186, 102), (170, 48), (144, 20),
)  # fmt: skip
"""The patient's left side, the nose to the viewer's left."""

SIDE_FEATURES = (
    "M62 88C68 83 78 83 85 88", "M64 104C71 98 78 99 84 105C78 110 70 109 64 104Z",
    "M48 166C56 165 62 167 68 171", "M50 143C54 141 56 137 54 132",
    "M120 106C132 98 142 108 138 122C136 132 130 134 128 144C120 146 118 134 120 126M124 114C130 110 134 116 131 124",
)  # fmt: skip

SIDE_ROWS: tuple[Row, ...] = (
    ("forehead", _("forehead"), "face", "fh", ((64, 50), (84, 40), (92, 60), (88, 78), (62, 78))),
    ("temple", _("temple"), "face", "te", ((94, 66), (112, 70), (114, 92), (96, 96))),
    ("crows-feet", _("crow's feet"), "face", "cf", ((88, 98), (100, 100), (100, 116), (86, 112))),
    (
        "tear-trough",
        _("under the eye"),
        "face",
        "tt",
        ((62, 113), (74, 116), (86, 114), (84, 124), (64, 124)),
    ),
    ("nose", _("nose"), "face", "no", ((56, 102), (60, 116), (58, 134), (44, 137), (40, 132), (49, 118))),
    ("cheek", _("cheek"), "face", "ck", ((74, 128), (96, 122), (110, 124), (108, 142), (90, 158), (74, 146))),
    ("nasolabial", _("nasolabial fold"), "face", "nl", ((60, 138), (66, 140), (72, 160), (66, 163))),
    ("marionette", _("marionette line"), "face", "ma", ((64, 174), (71, 174), (68, 196), (61, 194))),
    ("chin", _("chin"), "face", "ch", ((51, 188), (60, 188), (60, 208), (52, 204))),
    (
        "masseter",
        _("angle of the jaw"),
        "face",
        "ms",
        ((98, 156), (116, 148), (120, 170), (112, 188), (96, 184)),
    ),
    (
        "jawline",
        _("jawline"),
        "face",
        "ja",
        ((66, 201), (92, 190), (114, 190), (106, 206), (84, 214), (64, 211)),
    ),
    (
        "submental",
        _("under the chin"),
        "submental",
        "sm",
        ((72, 216), (90, 215), (106, 224), (100, 233), (84, 222)),
    ),
    (
        "neck-side",
        _("neck, side"),
        "neck",
        "ns",
        ((108, 212), (134, 206), (146, 226), (146, 256), (104, 256)),
    ),
)

SCALP_OUTLINE: tuple[Corner, ...] = (
    (100, 14), (130, 20), (160, 54), (176, 110), (174, 168), (152, 222), (122, 244), (100, 247),
)  # fmt: skip
"""Half of it, seen from above with the face upwards."""

SCALP_FEATURES = (
    "M92 14C95 4 105 4 108 14",
    "M176 118C186 120 186 146 175 148",
    "M24 118C14 120 14 146 25 148",
)

SCALP_MIDDLE: tuple[Row, ...] = (
    ("scalp-hairline", _("hairline"), "scalp", "hl", ((62, 46), (100, 34), (138, 46), (138, 68), (100, 60), (62, 68))),
    ("scalp-middle", _("mid-scalp"), "scalp", "mi", ((68, 74), (100, 66), (132, 74), (134, 116), (66, 116))),
    ("scalp-crown", _("crown"), "scalp", "cr", ((66, 122), (134, 122), (132, 162), (100, 178), (68, 162))),
    (
        "scalp-occiput", _("back of the head"), "scalp", "oc",
        ((66, 170), (100, 184), (134, 170), (132, 222), (100, 236), (68, 222)),
    ),
)  # fmt: skip
SCALP_SIDES: tuple[Row, ...] = (
    ("scalp-temple", _("scalp at the temple"), "scalp", "st", ((142, 50), (158, 72), (166, 106), (140, 104))),
    ("scalp-side", _("side of the scalp"), "scalp", "ss", ((140, 112), (168, 114), (168, 164), (140, 164))),
)
