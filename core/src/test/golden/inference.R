# Inference by R's glm and nnet's multinom, robust covariances by sandwich, as JSON in the folder given.
# Rscript inference.R ../resources/inference
suppressMessages({library(MASS); library(nnet); library(sandwich); library(mlbench); library(palmerpenguins)})
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(v) ifelse(is.na(v), "null", sprintf("%.17g", v))
array <- function(v) if (is.null(v)) "null" else paste0("[", paste(number(v), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(unname(m), 1, array), collapse = ",\n"), "]")
quoted <- function(v) paste0("\"", v, "\"", collapse = ",")
fields <- function(l) paste0("\"", names(l), "\":", unlist(l), collapse = ",\n")

write <- function(name, classes, x, y, weights, kind, offset, clusters, terms, peer, results, trials = NULL) {
  head <- list(name = quoted(name), classes = paste0("[", quoted(classes), "]"), features = paste0("[", quoted(colnames(x)), "]"),
    weight_kind = quoted(kind), terms = paste0("{", paste0("\"", names(terms), "\":", sapply(terms, function(t) array(t - 1)), collapse = ","), "}"),
    x = rows(x), y = array(y), weights = array(weights), offset = if (is.matrix(offset)) array(as.vector(t(offset))) else array(offset),
    clusters = array(clusters), trials = array(trials))
  cat(sep = "", file = file.path(out, paste0(name, ".json")), "{", fields(head), ",\n\"peers\":[{\"peer\":", quoted(peer), ",\n", fields(results), "}]}\n")
}

wald <- function(b, v) {
  se <- sqrt(diag(v)); z <- b / se; q <- qnorm(0.975)
  list(coefficients = array(b), standard_errors = array(se), z = array(z), p = array(2 * pnorm(-abs(z))), ci_low = array(b - q * se),
    ci_high = array(b + q * se), covariance = rows(v))
}

# Where the deviance of a fit with one coefficient held is that of the fit plus a quantile: ends of profile intervals.
# R leaves out rows of weight 0 from leverages.
whole <- function(v, w) { out <- rep(NA, length(w)); out[w > 0] <- v; out }
profiles <- function(x, y, w, o, fit) {
  control <- glm.control(epsilon = 1e-15, maxit = 100); se <- sqrt(diag(vcov(fit))); b <- coef(fit)
  ends <- sapply(seq_along(b), function(j) {
    f <- function(c) suppressWarnings(glm.fit(x[, -j, drop = FALSE], y, weights = w, offset = o + c * x[, j], family = binomial(), control = control, intercept = FALSE))$deviance - deviance(fit) - qchisq(0.95, 1)
    sapply(c(-1, 1), function(side) uniroot(f, sort(b[j] + side * se[j] * c(1, 4)), tol = 1e-13, extendInt = if (side > 0) "upX" else "downX")$root)
  })
  list(profile_low = array(ends[1, ]), profile_high = array(ends[2, ]))
}

# Fox and Monette's generalised variance inflation of each term, as car::vif has it: v of all coefficients but intercepts, of many classes those of
# all logits.
inflation <- function(v, terms) {
  r <- cov2cor(v)
  list(vif = array(sapply(terms, function(t) if (length(t) == nrow(r)) 1 else det(r[t, t, drop = FALSE]) * det(r[-t, -t, drop = FALSE]) / det(r))))
}
# Mean derivatives of each class's probability (of two classes the second's) by each feature, rows weighed; errors by complex steps.
effects <- function(x, w, o, b, v) {
  p <- nrow(b); which <- if (ncol(b) == 1) 2 else seq_len(ncol(b) + 1)
  of <- function(theta) {
    free <- matrix(theta, p); all <- cbind(0, free)[-1, , drop = FALSE]; e <- cbind(1, exp(o + x %*% free)); mu <- e / rowSums(e)
    c(sapply(which, function(c) sapply(seq_len(p - 1), function(j) sum(w * mu[, c] * (all[j, c] - mu %*% all[j, ])) / sum(w))))
  }
  g <- sapply(seq_along(b), function(q) { at <- c(b) + 0i; at[q] <- at[q] + 1e-30i; Im(of(at)) / 1e-30 })
  list(average_effects = array(Re(of(c(b) + 0i))), average_errors = array(sqrt(diag(g %*% v %*% t(g)))))
}
# Intervals of each row's probability of the second class.
predictions <- function(fit) {
  p <- predict(fit, type = "link", se.fit = TRUE); q <- qnorm(0.975)
  list(probability = array(plogis(p$fit)), probability_low = array(plogis(p$fit - q * p$se.fit)), probability_high = array(plogis(p$fit + q * p$se.fit)))
}

# Two classes. A frame whose first column is the response, 0 or 1.
binary <- function(name, frame, weights = NULL, kind = "frequency", offset = NULL, clusters = NULL) {
  frame[[".w"]] <- if (is.null(weights)) rep(1, nrow(frame)) else weights
  frame[[".o"]] <- if (is.null(offset)) rep(0, nrow(frame)) else offset
  columns <- setdiff(names(frame), c(names(frame)[1], ".w", ".o"))
  formula <- as.formula(paste(names(frame)[1], "~", paste(columns, collapse = "+")))
  control <- glm.control(epsilon = 1e-15, maxit = 100)
  fit <- suppressWarnings(glm(formula, binomial, frame, weights = .w, offset = .o, control = control))
  x <- model.matrix(fit); assign <- attr(x, "assign")
  x <- x[, -1, drop = FALSE]; terms <- split(seq_along(assign[-1]), factor(columns[assign[-1]], levels = columns))
  y <- frame[[1]]; n <- if (is.null(weights)) nrow(x) else if (kind == "frequency") sum(weights) else sum(weights > 0)
  ll <- -deviance(fit) / 2; k <- length(coef(fit))
  lr <- suppressWarnings(drop1(fit, test = "LRT")); rao <- suppressWarnings(drop1(fit, test = "Rao"))
  w <- sapply(terms, function(t) { b <- coef(fit)[t + 1]; c(b %*% solve(vcov(fit)[t + 1, t + 1], b)) })
  df <- lengths(terms)
  results <- c(wald(coef(fit), vcov(fit)), list(log_likelihood = number(ll), null_log_likelihood = number(-fit$null.deviance / 2),
    deviance = number(deviance(fit)), null_deviance = number(fit$null.deviance), aic = number(2 * k - 2 * ll), bic = number(log(n) * k - 2 * ll),
    lr = array(lr$LRT[-1]), lr_p = array(lr[["Pr(>Chi)"]][-1]), score = array(rao[["Rao score"]][-1]), score_p = array(rao[["Pr(>Chi)"]][-1]),
    wald = array(w), wald_p = array(pchisq(w, df, lower.tail = FALSE)),
    leverage = array(whole(hatvalues(fit), frame[[".w"]])), cook = array(whole(cooks.distance(fit, dispersion = 1), frame[[".w"]])),
    pearson = array(residuals(fit, "pearson")), deviance_residuals = array(residuals(fit, "deviance"))))
  results <- c(results, inflation(vcov(fit)[-1, -1, drop = FALSE], terms), predictions(fit),
    effects(model.matrix(fit), frame[[".w"]], frame[[".o"]], matrix(coef(fit)), vcov(fit)))
  if (name %in% c("birthwt", "esoph", "insurance-offset")) results <- c(results, profiles(cbind(1, x), y, frame[[".w"]], frame[[".o"]], fit))
  if (is.null(weights) || kind == "precision") {
    results <- c(results, sapply(c("HC0", "HC1", "HC2", "HC3"), function(t) rows(vcovHC(fit, type = t))))
    if (!is.null(clusters)) results <- c(results, list(cluster = rows(vcovCL(fit, cluster = clusters, type = "HC0"))))
  }
  write(name, c(0, 1), x, y, weights, kind, offset, clusters, terms, paste("R glm", getRversion()), results)
}

# Two classes, counted: a frame whose first columns are successes and trials. Written as a row for each count that is not 0.
grouped <- function(name, frame) {
  columns <- names(frame)[-(1:2)]; names(frame)[1:2] <- c("s", "n")
  control <- glm.control(epsilon = 1e-15, maxit = 100)
  formula <- function(c) as.formula(paste("cbind(s, n - s) ~", paste(c, collapse = "+")))
  fit <- glm(formula(columns), binomial, frame, control = control); null <- glm(formula("1"), binomial, frame, control = control)
  x <- model.matrix(fit); assign <- attr(x, "assign"); x <- x[, -1, drop = FALSE]
  terms <- split(seq_along(assign[-1]), factor(columns[assign[-1]], levels = columns))
  results <- c(wald(coef(fit), vcov(fit)), list(log_likelihood = number(as.numeric(logLik(fit))), null_log_likelihood = number(as.numeric(logLik(null))),
    deviance = number(deviance(fit)), null_deviance = number(fit$null.deviance), aic = number(AIC(fit)), bic = number(BIC(fit)),
    lr = array(drop1(fit, test = "LRT")$LRT[-1]), lr_p = array(drop1(fit, test = "LRT")[["Pr(>Chi)"]][-1]),
    leverage = array(hatvalues(fit)), cook = array(cooks.distance(fit, dispersion = 1)),
    pearson = array(residuals(fit, "pearson")), deviance_residuals = array(residuals(fit, "deviance"))))
  results <- c(results, profiles(cbind(1, x), frame$s / frame$n, frame$n, 0 * frame$n, fit))
  row <- rep(seq_len(nrow(frame)), each = 2); y <- rep(0:1, nrow(frame)); w <- ifelse(y == 1, frame$s[row], frame$n[row] - frame$s[row]); keep <- w > 0
  write(name, c("failure", "success"), x[row, , drop = FALSE][keep, , drop = FALSE], y[keep], w[keep], "frequency", NULL, NULL, terms, paste("R glm", getRversion()), results, (row - 1)[keep])
}

# Many classes, the first the reference: what the likelihood is at b, features by logits. nnet has none of the rest.
at <- function(x, y, w, b) {
  k <- ncol(b); p <- ncol(x); e <- exp(cbind(0, x %*% b)); all <- e / rowSums(e); mu <- all[, -1, drop = FALSE]
  r <- outer(y - 1, 1:k, "==") - mu; h <- matrix(0, k * p, k * p)
  for (i in 1:k) for (j in 1:k) h[(i - 1) * p + 1:p, (j - 1) * p + 1:p] <- crossprod(x, w * mu[, i] * ((i == j) - mu[, j]) * x)
  list(b = b, mu = mu, r = r, ll = sum(w * log(all[cbind(seq_along(y), y)])), own = all[cbind(seq_along(y), y)], g = c(crossprod(x, w * r)), h = h)
}
# Newton steps, halved while they climb down, from b on the likelihood's parabola over the coefficients that are held.
newton <- function(x, y, w, b, held = integer(), value = b[held]) {
  moves <- !(seq_along(b) %in% held)
  if (length(held)) { v <- solve(at(x, y, w, b)$h); b[] <- c(b) + c(v[, held, drop = FALSE] %*% solve(v[held, held], value - b[held])); b[held] <- value }
  here <- at(x, y, w, b)
  for (step in 1:50) {
    d <- solve(here$h[moves, moves], here$g[moves]); share <- 1
    repeat { new <- b; new[moves] <- b[moves] + share * d; there <- at(x, y, w, new); if (share < 1e-6 || isTRUE(there$ll >= here$ll - 1e-9)) break; share <- share / 2 }
    b <- new; here <- there
    if (max(abs(d)) < 1e-13 * max(1, abs(b))) break
  }
  here
}
# Tests of terms by the fits without them; the score test is g' V g at the restricted optimum (Rao 1948).
multinomial_tests <- function(x, y, w, fit, terms) {
  v <- solve(fit$h); p <- ncol(x); k <- ncol(fit$b)
  one <- function(t) {
    q <- c(outer(t + 1, (1:k - 1) * p, "+")); without <- newton(x, y, w, fit$b, q, 0 * q)
    c(lr = 2 * (fit$ll - without$ll), score = c(without$g %*% solve(without$h, without$g)), wald = c(fit$b[q] %*% solve(v[q, q], fit$b[q])))
  }
  s <- sapply(terms, one); tail <- function(v) array(pchisq(v, lengths(terms) * k, lower.tail = FALSE))
  list(lr = array(s["lr", ]), lr_p = tail(s["lr", ]), score = array(s["score", ]), score_p = tail(s["score", ]), wald = array(s["wald", ]), wald_p = tail(s["wald", ]))
}
# A row's block of the hat matrix, H = S Q S with S the root of W and Q = X V X' (Lesaffre and Albert 1989). Its trace is the leverage, and leaving
# the row out moves the coefficients by -V X' S (I-H)^-1 S^-1 r but for second order: Cook's distance and HC3 are by that, HC2 by the root of I-H.
multinomial_rows <- function(x, w, fit) {
  v <- solve(fit$h); p <- ncol(x); k <- ncol(fit$b)
  power <- function(m, e) { s <- eigen(m, symmetric = TRUE); s$vectors %*% (s$values^e * t(s$vectors)) }
  one <- function(i) {
    big <- kronecker(diag(k), x[i, , drop = FALSE]); q <- big %*% v %*% t(big); m <- fit$mu[i, ]
    s <- power(w[i] * (diag(m, k) - outer(m, m)), 0.5); rest <- diag(k) - s %*% q %*% s; r <- w[i] * fit$r[i, ]; z <- solve(s, r)
    full <- s %*% solve(rest, z); half <- s %*% power(rest, -0.5) %*% z
    list(leverage = sum(diag(s %*% q %*% s)), cook = c(t(full) %*% q %*% full) / length(fit$b), pearson = sqrt(sum(z^2)),
      deviance_residuals = sqrt(-2 * w[i] * log(fit$own[i])), two = t(big) %*% half, three = t(big) %*% full)
  }
  all <- lapply(seq_len(nrow(x)), one); column <- function(key) array(sapply(all, function(a) a[[key]]))
  middle <- function(key) { m <- sapply(all, function(a) a[[key]]); rows(v %*% (m %*% t(m)) %*% v) }
  list(influence = list(leverage = column("leverage"), cook = column("cook"), pearson = column("pearson"), deviance_residuals = column("deviance_residuals")),
    robust = list(HC2 = middle("two"), HC3 = middle("three")))
}
multinomial_profiles <- function(x, y, w, fit) {
  se <- sqrt(diag(solve(fit$h)))
  ends <- sapply(seq_along(fit$b), function(q) {
    f <- function(c) 2 * (fit$ll - newton(x, y, w, fit$b, q, c)$ll) - qchisq(0.95, 1)
    sapply(c(-1, 1), function(side) uniroot(f, sort(fit$b[q] + side * se[q] * c(1, 4)), tol = 1e-13, extendInt = if (side > 0) "upX" else "downX")$root)
  })
  list(profile_low = array(ends[1, ]), profile_high = array(ends[2, ]))
}

many <- function(name, frame, weights = NULL, kind = "frequency", clusters = NULL) {
  frame[[".w"]] <- if (is.null(weights)) rep(1, nrow(frame)) else weights
  columns <- setdiff(names(frame), c(names(frame)[1], ".w"))
  control <- function(f) multinom(f, frame, weights = .w, reltol = 1e-17, abstol = 1e-17, maxit = 20000, trace = FALSE, Hess = TRUE)
  formula <- function(c) as.formula(paste(names(frame)[1], "~", if (length(c)) paste(c, collapse = "+") else "1"))
  rough <- control(formula(columns)); null <- control(formula(character()))
  x <- model.matrix(formula(columns), frame); assign <- attr(x, "assign"); classes <- levels(frame[[1]]); y <- as.integer(frame[[1]])
  terms <- split(seq_along(assign[-1]), factor(columns[assign[-1]], levels = columns))
  # multinom stops at about 1e-8: Newton steps from there.
  w <- frame[[".w"]]; k <- length(classes) - 1; p <- ncol(x); fit <- newton(x, y, w, t(coef(rough))); stopifnot(abs(fit$ll / logLik(rough) - 1) < 1e-8)
  b <- fit$b; v <- solve(fit$h); ll <- fit$ll
  scores <- do.call(cbind, lapply(1:k, function(i) w * fit$r[, i] * x)); hc0 <- v %*% crossprod(scores) %*% v
  n <- if (is.null(weights)) nrow(x) else if (kind == "frequency") sum(weights) else sum(weights > 0)
  results <- c(wald(c(b), v), list(log_likelihood = number(ll), null_log_likelihood = number(-null$deviance / 2), deviance = number(-2 * ll),
    null_deviance = number(null$deviance), aic = number(2 * length(b) - 2 * ll), bic = number(log(n) * length(b) - 2 * ll)),
    multinomial_tests(x, y, w, fit, terms))
  # Intervals of the first rows' probabilities: derivatives of each logit by complex steps.
  some <- seq_len(min(20, nrow(x))); u <- function(theta, i, c) { e <- c(1 + 0i, exp(x[i, ] %*% matrix(theta, p))); log(e[c] / sum(e[-c])) }
  ends <- sapply(some, function(i) sapply(seq_along(classes), function(c) {
    g <- sapply(seq_along(b), function(q) { at <- c(b) + 0i; at[q] <- at[q] + 1e-30i; Im(u(at, i, c)) / 1e-30 })
    plogis(Re(u(c(b) + 0i, i, c)) + c(0, -1, 1) * qnorm(0.975) * sqrt(c(g %*% v %*% g)))
  }))
  byrow <- multinomial_rows(x, w, fit); slopes <- setdiff(seq_along(b), (1:k - 1) * p + 1)
  results <- c(results, list(intervals = rows(t(ends))), byrow$influence, effects(x, w, 0, b, v),
    inflation(v[slopes, slopes], lapply(terms, function(t) c(outer(t, (1:k - 1) * (p - 1), "+")))))
  if (name == "infert-education") results <- c(results, multinomial_profiles(x, y, w, fit))
  if (is.null(weights) || kind == "precision") {
    results <- c(results, list(HC0 = rows(hc0), HC1 = rows(hc0 * n / (n - length(b)))), byrow$robust)
    if (!is.null(clusters)) {
      sums <- rowsum(scores, clusters); m <- nrow(sums)
      results <- c(results, list(cluster = rows(v %*% crossprod(sums) %*% v * m / (m - 1))))
    }
  }
  write(name, classes, x[, -1, drop = FALSE], y - 1, weights, kind, NULL, clusters, terms, paste("nnet multinom", packageVersion("nnet"), "and Newton steps in R", getRversion()), results)
}

birth <- within(birthwt, { race <- factor(race); rm(bwt) })
binary("birthwt", birth[c("low", "age", "lwt", "race", "smoke", "ptl", "ht", "ui", "ftv")])
set.seed(1)
binary("birthwt-precision", birth[c("low", "lwt", "race", "smoke")], weights = round(runif(nrow(birth), 0.2, 2), 2), kind = "precision", clusters = birth$age)
binary("infert", infert[c("case", "age", "parity", "education", "induced", "spontaneous")], clusters = infert$stratum)
e <- esoph; for (c in 1:3) e[[c]] <- factor(e[[c]], ordered = FALSE)
e <- rbind(cbind(y = 1, e[1:3], w = e$ncases), cbind(y = 0, e[1:3], w = e$ncontrols))
binary("esoph", e[1:4], weights = e$w)
g <- esoph; for (c in 1:3) g[[c]] <- factor(g[[c]], ordered = FALSE)
grouped("esoph-grouped", data.frame(s = g$ncases, n = g$ncases + g$ncontrols, g[1:3]))
grouped("menarche-grouped", data.frame(s = menarche$Menarche, n = menarche$Total, Age = menarche$Age))
binary("penguins-sex", within(na.omit(as.data.frame(penguins)), sex <- as.integer(sex == "male"))[c("sex", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")])
data(PimaIndiansDiabetes)
binary("pima", within(PimaIndiansDiabetes, diabetes <- as.integer(diabetes == "pos"))[1:400, c(9, 1:8)])
b <- na.omit(biopsy); binary("biopsy", cbind(y = as.integer(b$class == "malignant"), b[2:10])[1:400, ])
t <- as.data.frame(Titanic); binary("titanic", data.frame(y = as.integer(t$Survived == "Yes"), t[1:3]), weights = t$Freq)
u <- as.data.frame(UCBAdmissions); binary("admissions", data.frame(y = as.integer(u$Admit == "Admitted"), u[2:3]), weights = u$Freq)
ba <- bacteria; binary("bacteria", data.frame(y = as.integer(ba$y == "y"), trt = ba$trt, week = ba$week), clusters = as.integer(ba$ID))
i <- Insurance <- within(MASS::Insurance, { Group <- factor(Group, ordered = FALSE); Age <- factor(Age, ordered = FALSE) })
i <- rbind(cbind(y = 1, i, w = i$Claims), cbind(y = 0, i, w = i$Holders - i$Claims))
binary("insurance-offset", i[c("y", "District", "Group", "Age")], weights = i$w, offset = log(i$Holders) / 10)
h <- housing; h$Sat <- factor(h$Sat, ordered = FALSE); many("housing", h[c("Sat", "Infl", "Type", "Cont")], weights = h$Freq)
many("infert-education", infert[c("education", "age", "parity", "induced")], clusters = infert$stratum)
data(Vehicle); many("vehicle", cbind(Class = Vehicle$Class, scale(Vehicle[c("Comp", "Circ", "Elong", "Max.L.Ra")]))[1:300, ] |> as.data.frame() |> within(Class <- factor(levels(Vehicle$Class)[Class])))
many("housing-precision", h[c("Sat", "Infl", "Cont")], weights = h$Freq / 10, kind = "precision", clusters = as.integer(h$Type))
cat("sandwich", as.character(packageVersion("sandwich")), "MASS", as.character(packageVersion("MASS")), "mlbench", as.character(packageVersion("mlbench")), "\n")
