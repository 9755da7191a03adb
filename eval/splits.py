"""Which questions of the public sets are trained on, fitted on, and only measured on.

The sets come without a split; this one goes by document, so that no text is in two parts, and
depends on the document's id alone, so that it is the same wherever it is made.
"""

import hashlib
from typing import Literal, TypeAlias

Split: TypeAlias = Literal["train", "fit", "dev"]

# Of a hundred documents, how many are trained on, and how many serve to choose what goes with a
# trained model: what it has learnt by heart cannot tell how far to trust it.
_TRAINED = {
    "ncpqa": 40,
    "cmrc2018_trial": 80,
    "drcd_dev_simplified": 80,
    "cail2019": 70,
    "plans": 90,
    "synthetic": 90,
    "court": 90,
}
_FITTED = {
    "ncpqa": 10,
    "cmrc2018_trial": 10,
    "drcd_dev_simplified": 10,
    "cail2019": 15,
    "plans": 10,
    "synthetic": 10,
    "court": 10,
}


def split_of(suite: str, document_id: str) -> Split:
    """Return the part in which a document and its questions are; all of an unknown suite is dev."""
    digest = hashlib.sha256(f"{suite}/{document_id}".encode()).digest()
    percentile = int.from_bytes(digest[:8], "big") % 100
    trained = _TRAINED.get(suite, 0)
    if percentile < trained:
        return "train"
    return "fit" if percentile < trained + _FITTED.get(suite, 0) else "dev"
