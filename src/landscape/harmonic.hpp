/// The harmonic neighbourhood of an energy minimum: Hessian, dynamical matrix, rigid translations.
///
///     D = M^-1/2 H M^-1/2,   D e = omega^2 e,   nu = omega / 2 pi
///
/// Everything of `landscape` that needs second derivatives stands on this: it finds the forces of the frame, refuses one that is no
/// minimum, knows the masses and the unit of omega^2, and offers H and D as products (matrix-free), as a sparse or as a dense matrix.
/// Vectors have 3 N components (x, y, z of each atom), 2 N with a two-dimensional potential.
/// Negative eigenvalues are written as negative frequencies.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "core/value.hpp"
#include "numeric/cholesky.hpp"
#include "numeric/linear_map.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

class Harmonic {
 public:
  /// @throws InputError when a force exceeds `force_limit` [eV/angstrom] (naming `landscape minimise`), or a mass is missing
  Harmonic(const Frame& frame, std::shared_ptr<const potential::Potential> potential, double force_limit);

  const Frame& frame() const { return frame_; }
  potential::Calculator& calculator() { return *calculator_; }
  std::size_t dimension() const { return dimension_; }
  std::size_t atoms() const { return frame_.size(); }
  std::size_t size() const { return dimension_ * atoms(); }  ///< degrees of freedom
  double residual_force() const { return residual_; }        ///< [eV/angstrom] largest force on an atom
  double pressure_unit() const { return potential::pressure_unit(frame_.units); }
  double density() const;  ///< [g/mol/angstrom^3] mass per volume

  numeric::LinearMap hessian();    ///< H
  numeric::LinearMap dynamical();  ///< D, without the unit of frequency
  /// Orthonormal rigid translations: as H (weighted = false) or D has them.
  std::vector<double> translations(bool weighted) const;
  std::span<const double> inverse_root_mass() const { return inverse_root_mass_; }

  /// [THz, 1/tau] from an eigenvalue of D, and back.
  double frequency(double eigenvalue) const;
  double eigenvalue(double frequency) const;
  /// omega^2 [rad^2/ps^2] of an eigenvalue of D is the eigenvalue times this.
  double omega2_unit() const { return omega2_unit_; }

  /// Fraction of the matrix that is filled.
  double filled();
  numeric::SparseLower sparse(bool weighted);
  Matrix dense(bool weighted);
  /// A factor of H or D + shift, sparse or dense, whichever is smaller; nullptr: not positive definite.
  std::unique_ptr<numeric::Cholesky> factor(bool weighted, double shift);
  double factor_bytes();  ///< an upper bound of what factor() needs

  /// From atoms' vectors to the components that may move, and back.
  std::vector<double> packed(std::span<const Vec3> v) const;
  void unpack(std::span<const double> x, std::span<Vec3> v) const;

 private:
  void product(std::span<const double> x, std::span<double> y, std::size_t vectors);
  template <class Put> void entries(bool weighted, Put&& put);

  Frame frame_;
  std::shared_ptr<const potential::Potential> potential_;
  std::unique_ptr<potential::Calculator> calculator_;
  std::size_t dimension_;
  double residual_ = 0, omega2_unit_ = 1, total_mass_ = 0;
  std::vector<double> inverse_root_mass_;  ///< (size)
  std::vector<Vec3> in_, out_;             ///< of flat systems
  std::vector<double> scaled_;
};

/// Bytes that the system can give without swapping.
double available_memory();

/// 3 per atom, or 2 with a built-in flat potential, by its name: for estimates of cost before anything is read.
double degrees_of_freedom(const std::string& potential, double atoms);

}  // namespace heteroglass::landscape
