# What R says of random trials: run once by hand, its answers stand in survival.csv as facts.
#   python -m tests.statistics.random_trials > trials.csv
#   Rscript tests/statistics/r/survival.R trials.csv > tests/statistics/r/survival.csv
# R 4.2.2, survival 3.5-3 (Debian 12: r-base-core, r-cran-survival)
suppressMessages(library(survival))
trials <- read.csv(commandArgs(trailingOnly = TRUE)[1])
cat("trial,events,median,low,high,share,share_low,share_high,exact_low,exact_high\n")
for (one in unique(trials$trial)) {
  part <- trials[trials$trial == one, ]
  fit <- survfit(Surv(days, event) ~ 1, data = part, conf.type = "log-log")
  q <- quantile(fit, 0.5)
  at <- summary(fit, times = 180, extend = TRUE)
  exact <- binom.test(sum(part$event), nrow(part))$conf.int
  cat(paste(one, sum(part$event), paste(format(c(q$quantile, q$lower, q$upper, at$surv, at$lower, at$upper, exact), digits = 12, trim = TRUE), collapse = ","), sep = ","), "\n", sep = "")
}
