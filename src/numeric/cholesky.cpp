#include "numeric/cholesky.hpp"

#include <cholmod.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "numeric/blas.hpp"

namespace heteroglass::numeric {
namespace {

class Dense : public Cholesky {
 public:
  explicit Dense(Matrix factor) : factor_(std::move(factor)) {}
  void solve(std::span<const double> b, std::span<double> x, std::size_t vectors) override {
    const OneBlasThread one;
    const int n = static_cast<int>(factor_.rows), m = static_cast<int>(vectors);
    int info = 0;
    std::copy(b.begin(), b.end(), x.begin());
    dpotrs_("U", &n, &m, factor_.values.data(), &n, x.data(), &n, &info);
  }
  double bytes() const override { return 8 * static_cast<double>(factor_.values.size()); }

 private:
  Matrix factor_;
};

/// CHOLMOD's settings and workspace, freed at the end.
struct Common : cholmod_common {
  Common() {
    cholmod_l_start(this);
    print = 0;
    error_handler = nullptr;
  }
  ~Common() { cholmod_l_finish(this); }
  Common(const Common&) = delete;
  Common& operator=(const Common&) = delete;
};

class Sparse : public Cholesky {
 public:
  Sparse(const SparseLower& a, double shift) : n_(a.n) {
    const OneBlasThread one;
    cholmod_sparse view{};
    view.nrow = view.ncol = a.n;
    view.nzmax = a.row.size();
    view.p = const_cast<std::int64_t*>(a.start.data());
    view.i = const_cast<std::int64_t*>(a.row.data());
    view.x = const_cast<double*>(a.value.data());
    view.stype = -1, view.itype = CHOLMOD_LONG, view.xtype = CHOLMOD_REAL, view.dtype = CHOLMOD_DOUBLE;
    view.sorted = 1, view.packed = 1;
    common_.supernodal = CHOLMOD_SUPERNODAL;
    factor_ = cholmod_l_analyze(&view, &common_);
    if (factor_) {
      double beta[2] = {shift, 0};
      cholmod_l_factorize_p(&view, beta, nullptr, 0, factor_, &common_);
    }
    if (!factor_ || common_.status == CHOLMOD_OUT_OF_MEMORY || common_.status == CHOLMOD_TOO_LARGE) {
      const double gigabytes = 8 * common_.lnz / 1e9;
      cholmod_l_free_factor(&factor_, &common_);
      throw NumericalError(fmt::format("sparse Cholesky factor of {} rows: must fit into memory, needs about {:.1f} GB", a.n, gigabytes));
    }
    positive_ = common_.status == CHOLMOD_OK && factor_->minor == factor_->n;
  }
  ~Sparse() override {
    cholmod_l_free_dense(&y_, &common_);
    cholmod_l_free_dense(&e_, &common_);
    cholmod_l_free_dense(&x_, &common_);
    cholmod_l_free_factor(&factor_, &common_);
  }
  Sparse(const Sparse&) = delete;
  Sparse& operator=(const Sparse&) = delete;
  bool positive() const { return positive_; }
  double bytes() const override { return 8 * common_.lnz; }
  void solve(std::span<const double> b, std::span<double> x, std::size_t vectors) override {
    const OneBlasThread one;
    cholmod_dense right{};
    right.nrow = right.d = n_, right.ncol = vectors, right.nzmax = n_ * vectors;
    right.x = const_cast<double*>(b.data());
    right.xtype = CHOLMOD_REAL, right.dtype = CHOLMOD_DOUBLE;
    if (!cholmod_l_solve2(CHOLMOD_A, factor_, &right, nullptr, &x_, nullptr, &y_, &e_, &common_))
      throw NumericalError("sparse Cholesky solution: must fit into memory");
    const auto* from = static_cast<const double*>(x_->x);
    std::copy(from, from + n_ * vectors, x.begin());
  }

 private:
  Common common_;
  cholmod_factor* factor_ = nullptr;
  cholmod_dense *x_ = nullptr, *y_ = nullptr, *e_ = nullptr;
  std::size_t n_;
  bool positive_ = false;
};

}  // namespace

void SparseLower::multiply(std::span<const double> x, std::span<double> y, std::size_t vectors) const {
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t v = 0; v < static_cast<std::ptrdiff_t>(vectors); ++v) {
    const double* in = x.data() + static_cast<std::size_t>(v) * n;
    double* out = y.data() + static_cast<std::size_t>(v) * n;
    std::fill(out, out + n, 0);
    for (std::size_t c = 0; c < n; ++c) {
      double sum = 0;
      for (auto k = static_cast<std::size_t>(start[c]); k < static_cast<std::size_t>(start[c + 1]); ++k) {
        const auto r = static_cast<std::size_t>(row[k]);
        sum += value[k] * in[r];
        if (r != c) out[r] += value[k] * in[c];
      }
      out[c] += sum;
    }
  }
}

std::unique_ptr<Cholesky> dense_cholesky(Matrix matrix) {
  const OneBlasThread one;
  const int n = static_cast<int>(matrix.rows);
  int info = 0;
  dpotrf_("U", &n, matrix.values.data(), &n, &info);  // row-major lower is column-major upper
  if (info != 0) return nullptr;
  return std::make_unique<Dense>(std::move(matrix));
}

std::unique_ptr<Cholesky> sparse_cholesky(const SparseLower& matrix, double shift) {
  auto factor = std::make_unique<Sparse>(matrix, shift);
  if (!factor->positive()) return nullptr;
  return factor;
}

}  // namespace heteroglass::numeric
