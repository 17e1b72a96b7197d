/// Response functions of relaxation: susceptibility, modulus or compliance against frequency and time, for any sum of shapes.
///
///     M(w) = M_u - sum_j dM_j chi_j(w),  M(t) = M_u - sum_j dM_j [1 - phi_j(t)]          (--quantity modulus)
///     J(w) = J_u + sum_j dJ_j chi_j(w),  J(t) = J_u + sum_j dJ_j [1 - phi_j(t)]          (--quantity compliance)
///     chi(w) = sum_j c_j chi_j(w),       phi(t) = sum_j c_j phi_j(t)                      (--quantity susceptibility, c_j = strengths)
///
/// M(w) = M' + i M'', J(w) = J' - i J'', chi(w) = chi' - i chi'': all imaginary parts given are positive. Shapes and their formulas: see
/// response_models.hpp; constant loss and power-law creep, which are no steps, enter M(t), J(t) with their power of t. KWW is exact to
/// 1e-10 (see kww_transform.hpp). tan d = M''/M' = J''/J'; M = 1/J in frequency. Equations (2.2) to (2.8) of the reference.
/// Parameters are lists with one entry for each component that has that parameter, in the order of the sum; one entry serves all.
/// Not a fit: see relaxation/fit. Cost about 1 us per component and frequency.
/// Reference: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct ResponseOptions {
  std::string model = "kww";
  std::string quantity = "susceptibility";
  std::vector<double> tau = {1};  ///< [s]
  std::vector<double> alpha = {0.7}, beta = {0.5}, gamma = {0.5}, m = {0.8}, n = {0.5}, lambda = {0.1}, chi = {0.4};
  std::vector<double> strength = {1};  ///< [1] c_j, dM_j in GPa or dJ_j in 1/GPa
  std::optional<double> unrelaxed =
      {};                              ///< [1] M_u in GPa, J_u in 1/GPa; unset: the sum of the strengths for a modulus, 0 for a compliance
  std::vector<double> omega = {};      ///< [rad/s]
  std::vector<double> frequency = {};  ///< [Hz] instead of omega
  std::vector<double> time = {};       ///< [s]
  double points_per_decade = 8;
  static const Fields& fields();
};

struct Response {
  std::vector<double> omega, frequency;                          ///< [rad/s], [Hz]
  std::vector<double> susceptibility_real, susceptibility_imag;  ///< [1] chi', chi''
  std::vector<double> storage, loss;                             ///< [GPa] M', M''; of a susceptibility empty
  std::vector<double> compliance_storage, compliance_loss;       ///< [1/GPa] J', J'' = 1/M
  std::vector<double> loss_tangent;                              ///< [1]
  std::vector<double> time, step;                                ///< [s], [1] phi(t), weighted sum
  std::vector<double> relaxation_modulus, creep_compliance;      ///< [GPa], [1/GPa] M(t) of a modulus, J(t) of a compliance
  Table components;                                              ///< label, tau, mean time, peak
  static const Fields& fields();
};

/// @throws InputError for a shape parameter outside its range, lists of wrong length
Response response(const ResponseOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
