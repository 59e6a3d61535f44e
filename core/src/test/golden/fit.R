# Fits one case with R. Arguments: directory with x.csv, y.csv (class index from 0), s.csv, o.csv; peer; classes; lambda; intercept.
args <- commandArgs(trailingOnly = TRUE)
dir <- args[1]; peer <- args[2]; classes <- as.integer(args[3]); lambda <- as.numeric(args[4]); intercept <- args[5] == "1"
read <- function(name) as.matrix(read.csv(file.path(dir, name), header = FALSE))
x <- read("x.csv"); y <- read("y.csv")[, 1]; s <- read("s.csv")[, 1]; o <- read("o.csv") + 0.0
dimnames(x) <- NULL
if (peer == "glm") {
  design <- if (intercept) cbind(x, 1) else x
  fit <- suppressWarnings(glm.fit(design, y, weights = s, offset = o[, 1], family = binomial(), intercept = FALSE,
    control = glm.control(epsilon = 1e-15, maxit = 200)))
  w <- matrix(fit$coefficients, nrow = 1)
  if (!intercept) w <- cbind(w, 0)
  version <- paste("R", getRversion())
} else if (peer == "multinom") {
  library(nnet)
  label <- factor(y, levels = 0:(classes - 1))
  frame <- data.frame(x); frame$label <- label
  formula <- if (intercept) label ~ . else label ~ . - 1
  fit <- multinom(formula, data = frame, weights = s, reltol = 1e-16, abstol = 1e-16, maxit = 20000, trace = FALSE)
  w <- coef(fit)
  w <- if (intercept) cbind(w[, -1, drop = FALSE], w[, 1]) else cbind(w, 0)
  w <- rbind(0, w)
  version <- as.character(packageVersion("nnet"))
} else if (peer == "glmnet") {
  library(glmnet)
  glmnet.control(fdev = 0, devmax = 1)
  family <- if (classes == 2) "binomial" else "multinomial"
  offset <- if (any(o != 0)) (if (classes == 2) o[, 1] else o) else NULL
  path <- unique(c(lambda * 10^(3:0), lambda))
  if (lambda == 0) path <- c(1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 0)
  fit <- glmnet(x, factor(y), family = family, alpha = 0, lambda = path, weights = s, standardize = FALSE,
    intercept = intercept, offset = offset, thresh = 1e-20, maxit = 1e7)
  if (min(fit$lambda) > lambda) stop("glmnet ended its path at lambda ", min(fit$lambda))
  last <- function(beta) as.numeric(beta[, ncol(beta)])
  if (classes == 2) {
    w <- matrix(c(last(fit$beta), fit$a0[length(fit$a0)]), nrow = 1)
  } else {
    w <- t(sapply(seq_len(classes), function(k) c(last(fit$beta[[k]]), fit$a0[k, ncol(fit$a0)])))
  }
  version <- as.character(packageVersion("glmnet"))
}
write.table(format(w, digits = 17), file.path(dir, "w.csv"), sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(version)
