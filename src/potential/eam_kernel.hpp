/// The two sums over neighbours that embedded atoms take their time for, in a plain form and with AVX-512 or AVX2.
///
/// Tables are kept as values and slopes at the knots, so that they stay in the processor's cache; the cubic between two knots is made where
/// it is needed. What one pass reads of a pair stands side by side. The density pass notes who is within the cut-off for the force pass.
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

/// Knots of a pair of species (a, b): value and slope (in units of the spacing) of each function.
struct EamTable {
  static constexpr int density_stride = 2, like_stride = 4, unlike_stride = 6;
  AlignedTable density;      ///< f_{b->a}
  AlignedTable force;        ///< r phi, f_{b->a}, and f_{a->b} where it is another function
  int stride = like_stride;  ///< of `force`
};

struct EamRow {
  const Neighborhood* near;
  std::size_t local;
  const EamTable* tables;  ///< of the species of the atom, by the neighbour's
  double r2_cut, per_knot;
  std::int32_t last;  ///< last interval
};

/// rho of an atom.
double eam_density(const EamRow& row, Kernel kernel);
/// Needs what eam_density noted, and F' beside the places.
RowForce eam_force(const EamRow& row, bool virial, Kernel kernel);

}  // namespace heteroglass::potential
