/// A model of the interaction, as a pair functional:
///
///     E = 1/2 sum_{i != j} phi_ab(r_ij) + sum_i F_a(rho_i),   rho_i = sum_j f_{b->a}(r_ij)
///
/// Pair potentials have F = 0. What a model tells of one pair, of one embedding, and its two sums over a row of neighbours (which are
/// where the time goes) is all that energies, forces, stress, Hessian and Born terms need.
/// Derivatives along a pair come as t = phi'/r and s = (phi'' - phi'/r)/r^2, so that with d = r_j - r_i
///
///     d(phi)/d(d) = t d,   d2(phi)/d(d)d(d) = s d d^T + t 1
#pragma once

#include "potential/neighborhood.hpp"

namespace heteroglass::potential {

/// Which form of the sums: the fastest of this processor, that of AVX2 at most, or plain (the readable one that others are tested against).
enum class Kernel { best, avx2, plain };

struct PairTerms {
  double phi = 0, t = 0, s = 0;  ///< of the pair energy
  double in_t = 0, in_s = 0;     ///< of f_{b->a}: what the neighbour gives to the atom
  double out_t = 0, out_s = 0;   ///< of f_{a->b}
  double in = 0, out = 0;        ///< f_{b->a} and f_{a->b} themselves
};

struct Embedding {
  double energy = 0, first = 0, second = 0;  ///< F, F', F''
};

/// Sums over the neighbours of one atom.
struct RowForce {
  Vec3 force;
  double pair_energy = 0;          ///< half of the pairs' energy
  std::array<double, 6> virial{};  ///< half of the pairs' t d d, Voigt order
};

class Functional {
 public:
  virtual ~Functional() = default;
  virtual double cutoff() const = 0;
  virtual bool embedded() const { return false; }
  /// rho of an atom. Only where embedded.
  virtual double density(const Neighborhood& /*near*/, std::size_t /*local*/) const { return 0; }
  virtual Embedding embedding(int /*species*/, double /*rho*/) const { return {}; }
  /// The number beside each place is F' where embedded (then density() was called before), else the diameter for models that need it.
  virtual RowForce force(const Neighborhood& near, std::size_t local, bool virial) const = 0;
  virtual PairTerms pair(int species, int other, double r, double diameter, double other_diameter) const = 0;
};

}  // namespace heteroglass::potential
