"""The pictures of an evaluation, by name."""

from signpost.evaluation.figures import Figures
from signpost.evaluation.picture_confusion import confusion_picture
from signpost.evaluation.picture_curves import precision_recall_picture, roc_picture
from signpost.evaluation.picture_scores import reliability_picture, scores_picture


def pictures(figures: Figures) -> dict[str, str]:
    """SVG by name; the names are those of the files."""
    return {
        "roc": roc_picture(figures),
        "precision-recall": precision_recall_picture(figures),
        "scores": scores_picture(figures.ranking.curve, figures.about.thresholds.report),
        "reliability": reliability_picture(figures.calibration),
        "confusion": confusion_picture(figures.confusion),
    }
