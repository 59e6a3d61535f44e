# Paths of glmnet, as JSON in the folder given: data, lambdas of its own choice (the first is lambda_max), dev.ratio, coefficients.
# Rscript paths.R ../resources/golden-paths
library(glmnet)
glmnet.control(fdev = 0, devmax = 1, epsnr = 1e-14, mxitnr = 1000)
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(v) sprintf("%.17g", v)
array <- function(v) paste0("[", paste(number(v), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, array), collapse = ",\n"), "]")

path <- function(name, classes, alpha, weights = FALSE, offset = FALSE, intercept = TRUE, standardize = FALSE, n = 60, p = 6, seed = 1,
    grouped = FALSE, factors = NULL, lower = NULL, upper = NULL) {
  set.seed(seed)
  x <- round(matrix(rnorm(n * p), n) %*% diag(seq(0.5, 2, length.out = p)), 3)
  z <- x[, 1:2] %*% matrix(rnorm(2 * classes), 2)
  y <- apply(z + matrix(rnorm(n * classes, sd = 1.5), n), 1, which.max) - 1
  s <- if (weights) sample(1:4, n, replace = TRUE) else rep(1, n)
  logits <- if (classes == 2) 1 else classes
  o <- if (offset) round(matrix(rnorm(n * logits), n), 2) else NULL
  fit <- glmnet(x, factor(y, levels = 0:(classes - 1)), family = if (classes == 2) "binomial" else "multinomial",
    alpha = alpha, nlambda = 8, lambda.min.ratio = 1e-3, weights = s, offset = if (offset && classes == 2) o[, 1] else o,
    intercept = intercept, standardize = standardize, thresh = 1e-20, maxit = 1e8,
    type.multinomial = if (grouped) "grouped" else "ungrouped",
    # glmnet scales factors to the sum p, so they are given with that sum.
    penalty.factor = if (is.null(factors)) rep(1, p) else factors,
    lower.limits = if (is.null(lower)) -Inf else lower, upper.limits = if (is.null(upper)) Inf else upper)
  one <- function(l) {
    w <- if (classes == 2) matrix(c(fit$beta[, l], fit$a0[l]), nrow = 1)
      else t(sapply(seq_len(classes), function(k) c(fit$beta[[k]][, l], fit$a0[k, l])))
    rows(w)
  }
  beta <- paste(sapply(seq_along(fit$lambda), one), collapse = ",\n")
  cat(sep = "", file = file.path(out, paste0(name, ".json")),
    '{"name":"', name, '","peer":"glmnet ', as.character(packageVersion("glmnet")), '","classes":', classes,
    ',"l1_ratio":', number(alpha), ',"intercept":', tolower(intercept), ',"standardize":', tolower(standardize),
    if (grouped) ',"grouped":true', if (!is.null(factors)) paste0(',"factors":', array(factors)),
    if (!is.null(lower)) paste0(',"lower":', array(lower), ',"upper":', array(upper)),
    ',\n"x":', rows(x), ',\n"y":', array(y), ',\n"weights":', if (weights) array(s) else "null",
    ',\n"offset":', if (offset) array(as.vector(t(o))) else "null",
    ',\n"lambdas":', array(fit$lambda), ',\n"deviance_explained":', array(fit$dev.ratio),
    ',\n"coefficients":[', beta, "]}\n")
}

path("binary-ridge", 2, 0)
path("binary-ridge-weights-offset", 2, 0, weights = TRUE, offset = TRUE, seed = 2)
path("binary-ridge-no-intercept", 2, 0, intercept = FALSE, seed = 3)
path("binary-ridge-standardised", 2, 0, standardize = TRUE, weights = TRUE, seed = 4)
path("multinomial-ridge", 3, 0, seed = 5)
path("multinomial-ridge-weights-offset", 4, 0, weights = TRUE, offset = TRUE, n = 90, seed = 6)
path("binary-lasso", 2, 1, seed = 7)
path("binary-lasso-weights-offset", 2, 1, weights = TRUE, offset = TRUE, seed = 8)
path("binary-net-standardised", 2, 0.5, standardize = TRUE, seed = 9)
path("multinomial-lasso", 3, 1, seed = 10)
path("multinomial-net-weights-offset", 3, 0.3, weights = TRUE, offset = TRUE, n = 90, seed = 11)
path("multinomial-grouped", 3, 1, grouped = TRUE, seed = 12)
path("multinomial-grouped-net-weights-offset", 4, 0.6, weights = TRUE, offset = TRUE, grouped = TRUE, n = 90, seed = 13)
path("binary-lasso-factors-bounds", 2, 1, seed = 14, factors = c(0, .5, 1, 1.5, 2, 1),
  lower = c(-9, -.3, 0, -9, -9, -9), upper = c(9, .1, 9, 9, 0, .05))
path("multinomial-lasso-factors-bounds", 3, 1, seed = 15, factors = c(0, .5, 1, 1.5, 2, 1),
  lower = c(-9, -.3, 0, -9, -9, -9), upper = c(9, .1, 9, 9, 0, .05))
