# Fits by glmnet: Rscript fit_glmnet.R FOLDER ROWS FEATURES CLASSES SPARSE LAMBDA,... INTERCEPT THRESHOLD ALPHA OUT
given <- commandArgs(TRUE)
folder <- given[1]
n <- as.integer(given[2])
p <- as.integer(given[3])
classes <- as.integer(given[4])
suppressMessages({library(Matrix); library(glmnet)})
begun <- proc.time()[["elapsed"]]
numbers <- function(name, what, count, size) readBin(file.path(folder, name), what, count, size, endian = "little")
y <- numbers("labels.i32", "integer", n, 4)
if (given[5] == "1") {
    start <- numbers("start.i64", "integer", 2 * (n + 1), 4)[c(TRUE, FALSE)]
    count <- start[n + 1]
    x <- sparseMatrix(j = numbers("index.i32", "integer", count, 4) + 1L, p = start, dims = c(n, p),
                      x = numbers("values.f32", "numeric", count, 4), repr = "R")
    x <- as(x, "CsparseMatrix")
} else {
    x <- matrix(numbers("values.f32", "numeric", n * p, 4), n, p, byrow = TRUE)
}
ready <- proc.time()[["elapsed"]]
# All lambdas are fitted, also where the deviance is nearly explained.
glmnet.control(fdev = 0, devmax = 1)
lambdas <- as.numeric(strsplit(given[6], ",")[[1]])
fit <- glmnet(x, factor(y), family = if (classes == 2) "binomial" else "multinomial", alpha = as.numeric(given[9]),
              lambda = lambdas, standardize = FALSE, intercept = given[7] == "1", thresh = as.numeric(given[8]), maxit = 1e7)
done <- proc.time()[["elapsed"]]
if (length(fit$lambda) < length(lambdas)) stop(sprintf("%d of %d lambdas were fitted", length(fit$lambda), length(lambdas)))
found <- if (classes == 2) list(coef(fit)) else coef(fit)
out <- file(paste0(given[10], ".f64"), "wb")
for (l in seq_along(lambdas)) {
    model <- sapply(found, function(b) as.numeric(b[, l]))
    writeBin(as.numeric(model[-1, ]), out, 8, "little")
    writeBin(as.numeric(model[1, ]), out, 8, "little")
}
close(out)
cat(sprintf('{"read": null, "fit": %.3f}', done - ready), file = paste0(given[10], ".seconds"))
