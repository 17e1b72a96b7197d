/// Friction with a memory: nu(w) = int_0^inf nu(t) e^{-iwt} dt of nu(t) = nu0 exp[-(t/tau)^b].
///
///     constant:     nu(w) = nu                         (no memory)
///     exponential:  nu(w) = nu0 tau / (1 + i w tau)    (b = 1)
///     stretched:    nu(w) = nu0 tau F(w tau),          F by KwwTransform
///
/// nu(w) is a rate [1/ps], nu0 [1/ps^2]; nu(0) = nu0 tau Gamma(1/b)/b. Re nu >= 0 at every w, so that energy is only lost.
#pragma once

#include <complex>
#include <memory>
#include <string>

#include "relaxation/kww_transform.hpp"

namespace heteroglass::relaxation {

class MemoryKernel {
 public:
  static MemoryKernel constant(double friction);
  static MemoryKernel stretched(double nu0, double tau, double b);
  /// From its value at zero frequency instead of nu0.
  static MemoryKernel stretched_from_friction(double friction, double tau, double b);

  std::complex<double> operator()(double omega) const;
  double friction() const { return friction_; }  ///< nu(0)
  double nu0() const { return nu0_; }            ///< 0: constant

 private:
  double friction_ = 1, nu0_ = 0, tau_ = 0;
  std::shared_ptr<const KwwTransform> kww_;  ///< null: constant, or exponential when nu0 > 0
};

}  // namespace heteroglass::relaxation
