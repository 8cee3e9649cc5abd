"""What stands on a pack: product, lot, expiry and serial number, from a scanned or typed GS1 code."""

from untoward.exchange.packs.read import PackCode, looks_like_code, read_pack

__all__ = ["PackCode", "looks_like_code", "read_pack"]
