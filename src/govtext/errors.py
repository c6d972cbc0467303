"""Every deliberate error of govtext: what came, what was wanted, what to do next, in one sentence."""


class GovtextError(Exception):
    """Root of all errors that govtext raises on purpose."""


class UnreadableReport(GovtextError, ValueError):
    """The input is no report that can be read: empty, binary, of an unknown kind, or not there."""


class BadInput(GovtextError, ValueError):
    """A frame, a table or one of its rows is not what reports come in; the message names the columns or the row."""


class BadModel(GovtextError, ValueError):
    """The model file is missing, damaged, of another format, or says something that no model may say."""


class BadCorpus(GovtextError, ValueError):
    """A labelled document breaks the codebook; the message names file and line."""


class BadTaxonomy(GovtextError, ValueError):
    """A themes file is not valid, or themes and labels do not fit together."""


class BadConfig(GovtextError, ValueError):
    """A training configuration has an unknown key or a value out of range."""


class MissingExtra(GovtextError, ImportError):
    """A package that only some work needs is not installed; the message names the extra that brings it."""
