"""What customers will do next: models fitted by maximum likelihood to plain numbers, numpy arrays or pandas columns."""

from __future__ import annotations

from addin.models.bg_nbd import BGNBD, MBGNBD
from addin.models.gamma_gamma import GammaGamma
from addin.models.kaplan_meier import kaplan_meier
from addin.models.pareto_nbd import ParetoNBD
from addin.models.sbg import SBG

__all__ = ["BGNBD", "MBGNBD", "SBG", "GammaGamma", "ParetoNBD", "kaplan_meier"]
