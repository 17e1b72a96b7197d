/// The two sums over neighbours that embedded atoms take their time for, in a plain form and with AVX-512.
///
/// Per interval of the tables the kernels read, side by side: for the density pass the cubic of f_{b->a}; for the force pass the cubic of
/// r phi, the quadratic of f'_{b->a} and, for unlike species, that of f'_{a->b}. The density pass notes the places within the cut-off for
/// the force pass.
#pragma once

#include <cstdint>
#include <vector>

#include "potential/functional.hpp"

namespace heteroglass::potential {

/// Memory aligned for whole vectors.
class AlignedTable {
 public:
  void assign(std::size_t n) { values_.assign(n + 8, 0), offset_ = (64 - reinterpret_cast<std::uintptr_t>(values_.data()) % 64) % 64 / 8; }
  double* data() { return values_.data() + offset_; }
  const double* data() const { return values_.data() + offset_; }

 private:
  std::vector<double> values_;
  std::size_t offset_ = 0;
};

/// Polynomials of a pair (a, b): c[0] p^3 + ... + c[3], and quadratics filled up with a zero.
struct EamTable {
  static constexpr int density_stride = 4;
  AlignedTable density;  ///< f_{b->a}
  AlignedTable force;    ///< r phi; f'_{b->a}; f'_{a->b} where `stride` is 12
  int stride = 8;        ///< 8: both densities are the same
};

struct EamRow {
  const Neighborhood* near;
  std::size_t local;
  const EamTable* tables;  ///< of the species of the atom, by the neighbour's
  double r2_cut, per_knot;
  std::int32_t last;  ///< last interval
};

enum class Kernel { best, plain };

/// rho of an atom.
double eam_density(const EamRow& row, Kernel kernel);
/// Needs what eam_density noted, and F' beside the places.
RowForce eam_force(const EamRow& row, bool virial, Kernel kernel);

}  // namespace heteroglass::potential
