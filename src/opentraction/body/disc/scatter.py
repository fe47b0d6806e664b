"""Element matrices into one sparse matrix, again and again with the same pattern: sorted once, then only added up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Pattern:
    """Where the entries of square element matrices go. `unknowns` [e, a]: the unknown of each row, below 0 for none."""

    def __init__(self, unknowns: IntArray, size: int) -> None:
        i = np.broadcast_to(unknowns[:, :, None], (*unknowns.shape, unknowns.shape[1])).ravel()
        j = np.broadcast_to(unknowns[:, None, :], (*unknowns.shape, unknowns.shape[1])).ravel()
        kept = np.flatnonzero((i >= 0) & (j >= 0))
        key = j[kept] * np.int64(size) + i[kept]
        order = np.argsort(key, kind="stable")
        key = key[order]
        self._take = kept[order]
        self._starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        entries = key[self._starts]
        self._rows = (entries % size).astype(np.int32)
        self._pointers = np.r_[0, np.cumsum(np.bincount(entries // size, minlength=size))].astype(np.int32)
        self._size = size

    def matrix(self, elements: FloatArray) -> csc_matrix:
        """The sum of element matrices [e, a, a]."""
        data = np.add.reduceat(elements.ravel()[self._take], self._starts)
        return csc_matrix((data, self._rows, self._pointers), shape=(self._size, self._size))
