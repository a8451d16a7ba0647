"""Put beside the packages of the Windows Python: what tests ask of the process that answers, and what fails there."""

import os
import threading

import numpy as np
import xlwings


@xlwings.func
def process_id():
    return os.getpid()


@xlwings.func
def die():
    os._exit(3)


@xlwings.func
def die_soon():
    """Between two calls, by itself: Wine does not forget the COM server of a process that another one ended."""
    threading.Timer(0.2, os._exit, [3]).start()
    return True


@xlwings.func
@xlwings.arg("scores", np.array, ndim=1)
def their_nps(scores):
    """As xlwings' documentation writes a function of a range."""
    known = scores[~np.isnan(scores)]
    return float(100 * (np.count_nonzero(known >= 9) - np.count_nonzero(known <= 6)) / known.size)


@xlwings.func
@xlwings.arg("answers", ndim=1)
def their_referral_rate(answers):
    """The same for text."""
    known = [answer.strip().lower() for answer in answers if answer]
    return sum(answer in ("friend", "recommended", "referral") for answer in known) / len(known)
