"""Statistical studies of series: event studies, regressions, predictive relations."""
