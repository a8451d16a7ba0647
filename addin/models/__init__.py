"""What customers will do next: models fitted by maximum likelihood to plain numbers, numpy arrays or pandas columns."""

from __future__ import annotations

from addin.models.bg_nbd import BGNBD
from addin.models.gamma_gamma import GammaGamma
from addin.models.kaplan_meier import kaplan_meier
from addin.models.sbg import SBG

__all__ = ["BGNBD", "SBG", "GammaGamma", "kaplan_meier"]
