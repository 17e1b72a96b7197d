/// The shapes of relaxation: one normalised process in frequency and in time, and sums of them as text names them.
///
///     M(w) = M_u - sum_j dM_j chi_j(w)      or      J(w) = J_u + sum_j dJ_j chi_j(w),      x = i w tau
///
/// | shape              | chi = chi' - i chi''                    | parameters          |
/// |--------------------|-----------------------------------------|---------------------|
/// | debye              | 1/(1 + x)                               |                     |
/// | cole-cole          | 1/(1 + x^alpha)                         | alpha               |
/// | cole-davidson      | 1/(1 + x)^gamma                         | gamma               |
/// | havriliak-negami   | 1/(1 + x^alpha)^gamma                   | alpha, gamma        |
/// | kww                | transform of exp[-(t/tau)^beta]         | beta                |
/// | jonscher           | chi'' = N/[(w tau)^-m + (w tau)^(1-n)]  | m, n                |
/// | constant-loss      | x^-lambda / sin(pi lambda/2)            | lambda (tau = 1 s)  |
/// | power-law-creep    | x^-chi                                  | chi                 |
///
/// Jonscher: N = (s/2) sin(pi m/s), s = m + 1 - n, makes chi(0) = 1; chi' by Kramers-Kronig. Constant loss: the
/// strength is the loss at 1 rad/s, M'' = A w^-lambda, M' = M_u - A cot(pi lambda/2) w^-lambda. Power-law creep: an element of a
/// compliance, J = A (t/tau)^chi / Gamma(1 + chi); two of them are the biparabolic element, chi = 1 is viscous flow (Newton).
/// In time: phi(t) with phi(0) = 1 falls to 0, by closed forms where there are (Debye, Cole-Davidson, KWW) and else by inverting the
/// Laplace transform on Talbot's contour, to 1e-10.
/// References: Cole, Cole, J. Chem. Phys. 9, 341 (1941), doi:10.1063/1.1750906; Davidson, Cole, J. Chem. Phys. 19, 1484 (1951),
/// doi:10.1063/1.1748105; Havriliak, Negami, Polymer 8, 161 (1967), doi:10.1016/0032-3861(67)90021-3; Jonscher, Nature 267, 673
/// (1977), doi:10.1038/267673a0; Talbot contour: Weideman, SIAM J. Numer. Anal. 44, 2342 (2006), doi:10.1137/050625837.
#pragma once

#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relaxation/kww_transform.hpp"

namespace heteroglass::relaxation {

enum class Shape { debye, cole_cole, cole_davidson, havriliak_negami, kww, jonscher, constant_loss, power_law_creep };

struct ShapeParameter {
  std::string name;
  double start, low, high;
  std::string help;
};

/// Parameters besides tau and the strength, in the order of the table above.
const std::vector<ShapeParameter>& shape_parameters(Shape);
std::string shape_name(Shape);
std::vector<std::string> shape_names();
/// False for shapes that have no time of their own (constant loss).
bool has_time(Shape);
/// False for shapes that are not a step from 1 to 0 (constant loss, power-law creep).
bool is_bounded(Shape);

/// One process of fixed shape.
class Process {
 public:
  /// @throws InputError when a parameter is outside its range
  Process(Shape shape, std::span<const double> parameters);
  Shape shape() const { return shape_; }
  /// chi' - i chi'' at omega tau > 0.
  std::complex<double> susceptibility(double omega_tau) const { return evaluate(omega_tau, nullptr, {}); }
  /// The same with d chi / d ln(omega tau) and d chi / d parameter.
  std::complex<double> susceptibility(double omega_tau, std::complex<double>& by_log, std::span<std::complex<double>> by_shape) const {
    return evaluate(omega_tau, &by_log, by_shape);
  }
  /// phi(t/tau); of unbounded shapes the creep function (t/tau)^chi/Gamma(1 + chi) (constant loss: over sin(pi lambda/2)).
  double step(double t_over_tau) const;
  /// Mean relaxation time over tau; infinite where the long-time tail makes it so.
  double mean_time() const;
  /// ln(omega tau) of the loss peak; nothing where there is none.
  std::optional<double> loss_peak() const;

 private:
  std::complex<double> evaluate(double x, std::complex<double>* by_log, std::span<std::complex<double>> by_shape) const;
  std::complex<double> jonscher(double x) const;
  std::complex<double> laplace(std::complex<double> s) const;  ///< chi at i w tau = s
  double jonscher_step(double t) const;

  Shape shape_;
  std::vector<double> p_;
  std::shared_ptr<const KwwTransform> kww_;
};

/// A sum as the user writes it: "kww+cole-cole+constant-loss". Components of one kind are numbered: cole-cole1, cole-cole2.
struct Component {
  Shape shape;
  std::string label;
};
/// @throws InputError with the nearest name
std::vector<Component> parse_model(const std::string& text, const std::string& where);

}  // namespace heteroglass::relaxation
