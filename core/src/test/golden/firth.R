# Firth's penalised likelihood by its definition, U + tr(V dI)/2 with dI by complex steps, as JSON in the folder given.
# Rscript firth.R ../resources/inference-firth
suppressMessages(library(MASS))
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(v) ifelse(is.na(v), "null", sprintf("%.17g", v))
array <- function(v) if (is.null(v)) "null" else paste0("[", paste(number(v), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(unname(m), 1, array), collapse = ",\n"), "]")
quoted <- function(v) paste0("\"", v, "\"", collapse = ",")

probabilities <- function(x, theta, k) { e <- exp(x %*% matrix(theta, ncol(x))); e / (1 + rowSums(e)) }
information <- function(x, w, theta, k) {
  p <- ncol(x); mu <- probabilities(x, theta, k); h <- matrix(0 * theta[1], k * p, k * p)
  for (i in 1:k) for (j in 1:k) h[(i - 1) * p + 1:p, (j - 1) * p + 1:p] <- t(x) %*% (w * mu[, i] * ((i == j) - mu[, j]) * x)
  h
}
value <- function(x, y, w, theta, k) {
  mu <- probabilities(x, theta, k)
  sum(w * log(ifelse(y == 0, 1 - rowSums(mu), mu[cbind(seq_along(y), pmax(y, 1))]))) + as.numeric(determinant(information(x, w, theta, k))$modulus) / 2
}
score <- function(x, y, w, theta, k, v) {
  mu <- probabilities(x, theta, k); r <- outer(y, 1:k, "==") - mu
  more <- sapply(seq_along(theta), function(q) { at <- theta + 0i; at[q] <- at[q] + 1e-30i; sum(v * Im(information(x, w, at, k)) / 1e-30) / 2 })
  c(crossprod(x, w * r)) + more
}
# The best theta, some of it held.
best <- function(x, y, w, k, theta, held = integer()) {
  free <- setdiff(seq_along(theta), held)
  for (step in 1:2000) {
    h <- information(x, w, theta, k); u <- score(x, y, w, theta, k, solve(h))[free]
    d <- solve(h[free, free], u); size <- min(1, 2 / max(abs(d)))
    theta[free] <- theta[free] + size * d
    if (size == 1 && sum(u * d) < 1e-25) break
  }
  theta
}

firth <- function(name, classes, x, y, weights = NULL) {
  k <- length(classes) - 1; w <- if (is.null(weights)) rep(1, length(y)) else weights; design <- cbind(1, x)
  theta <- best(design, y, w, k, rep(0, k * ncol(design))); top <- value(design, y, w, theta, k)
  v <- solve(information(design, w, theta, k)); se <- sqrt(diag(v))
  root <- function(q, c) { start <- theta; start[q] <- c; 2 * (top - value(design, y, w, best(design, y, w, k, start, q), k)) }
  ends <- sapply(seq_along(theta), function(q) sapply(c(-1, 1), function(side)
    uniroot(function(c) root(q, c) - qchisq(0.95, 1), sort(theta[q] + side * se[q] * c(0.5, 4)), tol = 1e-12, extendInt = if (side > 0) "upX" else "downX")$root))
  ratio <- sapply(seq_along(theta), function(q) root(q, 0))
  cat(sep = "", file = file.path(out, paste0(name, ".json")), "{\"name\":", quoted(name), ",\"classes\":[", quoted(classes), "],\"features\":[", quoted(colnames(x)),
    "],\n\"weight_kind\":\"frequency\",\n\"x\":", rows(x), ",\n\"y\":", array(y), ",\n\"weights\":", array(weights), ",\"offset\":null,\n\"peers\":[{\"peer\":\"formulas in R ",
    as.character(getRversion()), "\",\n\"coefficients\":", array(theta), ",\n\"standard_errors\":", array(se), ",\n\"profile_low\":", array(ends[1, ]), ",\n\"profile_high\":",
    array(ends[2, ]), ",\n\"ratio\":", array(ratio), ",\n\"p\":", array(pchisq(ratio, 1, lower.tail = FALSE)), "}]}\n")
}

b <- subset(birthwt, !(ht == 1 & low == 0))
firth("birthwt-separated", 0:1, as.matrix(b[c("age", "lwt", "smoke", "ht")]), b$low)
firth("infert", 0:1, as.matrix(infert[c("parity", "induced", "spontaneous")]), infert$case)
firth("zero-cell", 0:1, cbind(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1), c = c(1, 2, 3, 5))[rep(1:4, 2), 1:2], rep(0:1, each = 4), c(12, 9, 4, 0, 3, 5, 8, 6))
q <- subset(quine, Age != "F0"); q$Age <- factor(q$Age)
firth("quine-age", levels(q$Age), cbind(days = q$Days / 10, slow = as.integer(q$Lrn == "SL"), male = as.integer(q$Sex == "M")), as.integer(q$Age) - 1)
