/// The second-order expansion of a pair functional about one configuration.
///
/// For each pair it keeps d = r_j - r_i and, with primes of phi and of the densities weighted by the embedding slopes,
///
///     t = phi'/r + F'_i f'_in/r + F'_j f'_out/r,   s likewise from the second derivatives,   in = f'_{j->i}/r,   out = f'_{i->j}/r
///
/// so that a displacement w_j = v_j - v_i changes forces by
///
///     -(H v)_i = sum_j [s d (d.w_j) + t w_j] + sum_j (in P_i + out P_j) d,   P_i = F''_i sum_j in (d.w_j)
///
/// A homogeneous strain is the same with w = e d; the energy's second derivative under Green-Lagrange strain is
/// sum_pairs s d_a d_b d_c d_d + sum_i F''_i rho_ab rho_cd, rho_ab = sum_j in d_a d_b.
/// The embedding couples atoms up to twice the cut-off: the matrix has the outer product of all neighbours of each atom.
/// Reference: Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5.
#pragma once

#include "potential/functional.hpp"
#include "potential/potential.hpp"

namespace heteroglass::potential {

class Expansion {
 public:
  explicit Expansion(bool flat) : flat_(flat) {}
  /// Energies, forces and densities of `near` must be up to date; `embedding` by local atom, empty for pair potentials.
  void build(const Functional& model, const Neighborhood& near, const std::vector<Embedding>& embedding,
             const std::vector<double>& diameter, double volume);
  void product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors) const;
  BlockMatrix matrix() const;
  double matrix_bytes() const;
  BornTerms born() const;
  std::vector<Stiffness> born_per_atom() const;

  struct Pair {
    Vec3 d;
    double t, s, in, out;
    std::int32_t other;  ///< local index
  };

 private:
  template <std::size_t lanes> void product_of(std::span<const Vec3> v, std::span<Vec3> out) const;
  std::span<const Pair> row(std::size_t local) const { return {pairs_.data() + start_[local], pairs_.data() + start_[local + 1]}; }
  std::size_t size() const { return atom_.size(); }
  void require() const;
  std::vector<Voigt> strained_slopes() const;
  std::vector<std::int32_t> columns(std::size_t local, std::vector<std::int32_t>& mark) const;

  bool flat_;
  double volume_ = 0;
  std::vector<std::int32_t> atom_, local_of_;  ///< frame index by local index, and back
  std::vector<std::size_t> start_;
  std::vector<Pair> pairs_;
  std::vector<double> curvature_;  ///< F'' by local atom; empty for pair potentials
};

}  // namespace heteroglass::potential
