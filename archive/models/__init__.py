"""Issued papers: files by content, and which document they belong to."""

from archive.models.papers import ArchivedFile, ArchivedPaper

__all__ = ["ArchivedFile", "ArchivedPaper"]
