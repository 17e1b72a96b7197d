#include "numeric/symmetric_eigen.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "numeric/blas.hpp"

namespace heteroglass::numeric {

double symmetric_eigen_bytes(std::size_t n, bool vectors) {
  const auto m = static_cast<double>(n);
  return 8 * m * m * (vectors ? 2 : 1) + 8 * 40 * m;
}

SymmetricEigen symmetric_eigen(Matrix matrix, bool vectors) {
  const int n = static_cast<int>(matrix.rows);
  SymmetricEigen out;
  out.values.resize(matrix.rows);
  if (n == 0) return out;
  if (vectors) out.vectors = Matrix(matrix.rows, matrix.rows);
  const OneBlasThread one;
  // Row-major lower is column-major upper.
  const char job = vectors ? 'V' : 'N';
  int found = 0, info = 0, lwork = -1, liwork = -1, ask = 0;
  const int none = 0;
  const double zero = 0;
  double work_size = 0;
  std::vector<int> support(2 * matrix.rows);
  double dummy = 0;
  double* z = vectors ? out.vectors.values.data() : &dummy;
  const auto call = [&](double* work, int* iwork) {
    dsyevr_(&job, "A", "U", &n, matrix.values.data(), &n, &zero, &zero, &none, &none, &zero, &found, out.values.data(), z, &n,
            support.data(), work, &lwork, iwork, &liwork, &info);
  };
  call(&work_size, &ask);
  lwork = static_cast<int>(work_size), liwork = ask;
  std::vector<double> work(static_cast<std::size_t>(lwork));
  std::vector<int> iwork(static_cast<std::size_t>(liwork));
  call(work.data(), iwork.data());
  if (info != 0 || found != n)
    throw NumericalError(fmt::format("eigenvalues of a {} x {} matrix: must be finite, LAPACK says {}", n, n, info));
  return out;
}

}  // namespace heteroglass::numeric
