/// Sums of spherical harmonics over the neighbours of an atom, and their rotation-invariant products.
///
///     Y_lm = N_lm d^m P_l(z) / dz^m (x + i y)^m,    m = 0 .. l;    Y_l,-m = (-1)^m conj(Y_lm)
///
/// for a unit vector (x, y, z), Condon-Shortley phase left out (it cancels in every invariant). Eight vectors are treated at
/// a time by the recurrence (l - m) p_lm = (2 l - 1) z p_(l-1)m - (l + m - 1) p_(l-2)m.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "neighbor/cell_list.hpp"

namespace heteroglass::structure {

class SphericalHarmonics {
 public:
  static constexpr int largest_l = 12;
  /// @param l in ascending order
  explicit SphericalHarmonics(std::vector<int> l);

  /// Numbers that describe one atom: for each l, for m = 0 .. l.
  std::size_t size() const { return norms_.size(); }
  /// q_lm, the mean of Y_lm over the neighbours. `out` has size() entries.
  void mean(std::span<const neighbor::Neighbor> neighbors, std::span<std::complex<double>> out) const;
  /// q_l for each l.
  void second_order(std::span<const std::complex<double>> q_lm, std::span<double> out) const;
  /// w_l (normalised) for each l.
  void third_order(std::span<const std::complex<double>> q_lm, std::span<double> out) const;

 private:
  struct Term {
    int m1, m2;
    double factor;
  };
  std::vector<int> l_;
  std::vector<int> place_;                ///< by l: where its numbers begin; -1: not wanted
  std::vector<double> norms_;             ///< N_lm
  std::vector<std::vector<Term>> terms_;  ///< by l: the 3j symbols
};

/// Wigner 3j symbol (l l l; m1 m2 -m1-m2), by Racah's formula.
double wigner_3j(int l, int m1, int m2);

}  // namespace heteroglass::structure
