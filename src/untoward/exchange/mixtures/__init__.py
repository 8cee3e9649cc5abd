"""Mixtures as JSON: what is asked, and what is answered."""

from untoward.exchange.mixtures.read import mixture_from_names, read_mixture
from untoward.exchange.mixtures.write import mixture_answer

__all__ = ["mixture_answer", "mixture_from_names", "read_mixture"]
