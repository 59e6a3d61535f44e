# Cross-validation of glmnet with given folds, as JSON in the folder given: data, folds, lambdas, cvm and cvsd by measure.
# Rscript cv.R ../resources/golden-cv
library(glmnet)
glmnet.control(fdev = 0, devmax = 1, epsnr = 1e-14, mxitnr = 1000)
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(v) ifelse(is.na(v), "null", sprintf("%.17g", v))
array <- function(v) paste0("[", paste(number(v), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, array), collapse = ",\n"), "]")

validate <- function(name, classes, alpha, weights, seed, n = 120, p = 6) {
  set.seed(seed)
  x <- round(matrix(rnorm(n * p), n) %*% diag(seq(0.5, 2, length.out = p)), 3)
  z <- x[, 1:2] %*% matrix(rnorm(2 * classes), 2)
  y <- apply(z + matrix(rnorm(n * classes, sd = 2), n), 1, which.max) - 1
  s <- if (weights) sample(1:4, n, replace = TRUE) else rep(1, n)
  fold <- sample(rep(seq_len(4), length.out = n))
  family <- if (classes == 2) "binomial" else "multinomial"
  label <- factor(y, levels = 0:(classes - 1))
  # Without lambdas given, glmnet lets each fold choose its own and interpolates between them.
  lambdas <- glmnet(x, label, family = family, alpha = alpha, nlambda = 8, lambda.min.ratio = 1e-3, weights = s,
    standardize = FALSE)$lambda
  measured <- sapply(c("deviance", "class", if (classes == 2) "auc"), function(type) {
    cv <- cv.glmnet(x, label, family = family, alpha = alpha, lambda = lambdas, weights = s, foldid = fold,
      type.measure = type, standardize = FALSE, thresh = 1e-20, maxit = 1e8)
    paste0('"', type, '":{"mean":', array(cv$cvm), ',"standard_error":', array(cv$cvsd),
      ',"min":', which(cv$lambda == cv$lambda.min) - 1, ',"1se":', which(cv$lambda == cv$lambda.1se) - 1, "}")
  })
  cat(sep = "", file = file.path(out, paste0(name, ".json")),
    '{"name":"', name, '","peer":"glmnet ', as.character(packageVersion("glmnet")), '","classes":', classes,
    ',"l1_ratio":', number(alpha), ',\n"x":', rows(x), ',\n"y":', array(y), ',\n"folds":', array(fold - 1),
    ',\n"weights":', if (weights) array(s) else "null", ',\n"lambdas":', array(lambdas),
    ',\n"measures":{', paste(measured, collapse = ",\n"), "}}\n")
}

validate("binary-lasso", 2, 1, FALSE, 1)
validate("binary-net-weights", 2, 0.5, TRUE, 2)
validate("multinomial-net-weights", 3, 0.6, TRUE, 3)
