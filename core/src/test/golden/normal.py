"""Tails of the normal and chi-squared distributions to 50 digits: python3 normal.py > ../resources/io/logits/inference/tails.txt"""
import mpmath as mp

mp.mp.dps = 50
print("# mpmath", mp.__version__, "- normal z P(|Z|>z); chi2 x df P(X>x)")
for z in [k / 16 for k in range(0, 32)] + [k / 3.0 for k in range(6, 110)]:
    print("normal", repr(z), mp.nstr(mp.erfc(mp.mpf(z) / mp.sqrt(2)), 25))
for df in [1, 2, 3, 4, 7, 10, 31, 100, 1001, 3000]:
    for share in [0.01, 0.3, 0.9, 1.0, 1.3, 2.0, 5.0]:
        x = share * df
        print("chi2", repr(x), df, mp.nstr(mp.gammainc(mp.mpf(df) / 2, mp.mpf(x) / 2, regularized=True), 25))
