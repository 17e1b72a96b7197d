/// Normal equations of a viscoelastic contact at one point in parameter space; the inner loops of viscoelastic_contact.hpp.
///
///     h_i = h_0 + (A q_i)^(2/3),   q = P - f E(t_c);   parameters h_0, ln A, ln t_c, f
///
/// A sum over n points costs about 10 ns a point: the recursion of E, which cannot be done for several points at once, and (A q)^(2/3),
/// which is (cube root by a first guess from the exponent and two steps of Halley's method, relative error below 1e-13).
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "probes/contact/viscoelastic_contact.hpp"

namespace heteroglass::probes {

inline constexpr std::size_t contact_parameters = 4;
using ContactVector = std::array<double, contact_parameters>;
using ContactCovariance = std::array<ContactVector, contact_parameters>;

struct ContactPoint {
  double h0 = 0, ln_a = 0, ln_t = 0, f = 0;
};

struct ContactNormal {
  ContactCovariance a{};  ///< lower triangle of sum d d^T
  ContactVector b{};      ///< sum d r
  double rss = std::numeric_limits<double>::infinity();
};

/// Solves the equations of the parameters `which` with a damped diagonal; false when they are singular. Others are 0 in x.
bool solve(const ContactNormal& n, std::span<const std::size_t> which, double damping, ContactVector& x);

class ContactEquations {
 public:
  /// Keeps a reference to the history.
  ContactEquations(const LoadHistory& history, ContactModel model);

  const LoadHistory& history() const { return h_; }
  std::span<const std::size_t> which() const { return which_; }
  double step() const { return step_; }          ///< [s] least time step
  double duration() const { return duration_; }  ///< [s]
  double low() const { return low_; }            ///< bounds of ln t_c
  double high() const { return high_; }

  ContactNormal normal(const ContactPoint& p);
  /// Levenberg-Marquardt in the parameters `which`. @return normal equations at the end
  ContactNormal descend(ContactPoint& p, std::span<const std::size_t> which, int iterations, bool* converged = nullptr);
  /// Sum of squares at p after the best change of `which` near it, by as few evaluations as do; p moves there.
  double settled(ContactPoint& p, std::span<const std::size_t> which, double unit);
  std::vector<double> residuals(const ContactPoint& p);
  /// h_0 and A by a straight line of depth against (P - f E)^(2/3). @return sum of squares; infinite when the slope is not positive
  double linear(ContactPoint& p);
  /// How the parameters answer to the load of each point: sum over points of g g^T, g_j = sum_i d_i dh_i/dP_j, by the recursion of E run
  /// backwards. `direct`: sum of what the load of a point does to the square of its own residual.
  ContactCovariance load_response(const ContactPoint& p, double& direct);

 private:
  void evaluate(const ContactPoint& p);

  const LoadHistory& h_;
  std::vector<std::size_t> which_;
  double step_ = 0, duration_ = 0, low_ = 0, high_ = 0, memory_of_ = -1;
  std::vector<double> e_, slope_, q_, w_;  // w: (A q)^(2/3)
};

}  // namespace heteroglass::probes
