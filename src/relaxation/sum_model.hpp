/// A sum of processes as a model of measured points (omega, T): parameters by name, values, derivatives.
///
///     modulus:     M = M_r + sum_j dM_j (1 - chi_j)        M_r relaxed modulus, M_u = M_r + sum dM
///     compliance:  M = 1/J, J = J_u + sum_j dJ_j chi_j
///
/// With temperatures, tau_j(T) follows a law of temperature_models.hpp and everything is multiplied by 1 + slope (T - T_ref).
/// All amplitudes are non-negative, so no modulus of the model can be negative; constant loss and power-law creep enter as
/// -A chi (modulus) and A chi (compliance). Of a constant loss chi is counted from its real part at 1 rad/s, cot(pi lambda/2), which grows without limit as
/// lambda falls and would only be taken back by M_r: so M_r and M_u are those at 1 rad/s of the background. Parameters are named COMPONENT.NAME; tau is fitted as its logarithm.
#pragma once

#include <complex>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "numeric/least_squares.hpp"
#include "relaxation/response_models.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {

struct ScanPoint {
  double omega = 0, temperature = 0;  ///< [rad/s], [K]; temperature NaN: not known and not needed
  std::complex<double> modulus;       ///< [GPa] M' + i M''
};

class SumModel {
 public:
  enum class Kind { amplitude, log_time, shape, law, slope };
  struct Entry {
    std::string name, unit;
    Kind kind;
    std::size_t component = 0;  ///< of all but the first and the slope
    double start = 1, low = 0, high = 1e9;
    bool fixed = false;
  };

  /// `laws`: one for each component with a time, empty: no temperatures.
  SumModel(std::vector<Component> components, bool compliance, std::vector<Law> laws, double reference_temperature);

  std::vector<Entry>& parameters() { return entries_; }
  const std::vector<Entry>& parameters() const { return entries_; }
  const std::vector<Component>& components() const { return components_; }
  bool compliance() const { return compliance_; }
  bool thermal() const { return !laws_.empty(); }
  double reference_temperature() const { return reference_; }
  std::size_t find(const std::string& name) const;  ///< npos when there is none
  /// The entries that a name from the user means: its full name, or the last part where that is unique to one kind of parameter.
  /// @throws InputError with the nearest name
  std::vector<std::size_t> matching(const std::string& name, const std::string& where) const;

  /// M' + i M'' of each point, and unless null d/dparameter (points x parameters).
  void evaluate(std::span<const ScanPoint> points, std::span<const double> p, std::complex<double>* value,
                std::complex<double>* slopes) const;
  /// Contribution of one component to the loss: M'' (modulus) or J'' (compliance).
  double component_loss(std::size_t component, double omega, double temperature, std::span<const double> p) const;
  /// Process of a component at these parameters.
  Process process(std::size_t component, std::span<const double> p) const;
  double log_time(std::size_t component, double temperature, std::span<const double> p) const;
  std::size_t amplitude_of(std::size_t component) const { return first_[component]; }
  std::size_t time_of(std::size_t component) const { return first_[component] + 1; }  ///< first parameter of tau
  std::size_t shape_of(std::size_t component) const;
  /// Real part of a constant loss at 1 rad/s, from which it is counted; 0 of other shapes.
  double background_level(std::size_t component, std::span<const double> p) const;
  std::optional<Law> law_of(std::size_t component) const;

 private:
  std::vector<Component> components_;
  bool compliance_;
  std::vector<Law> laws_;
  double reference_;
  std::vector<std::size_t> first_;
  std::vector<Entry> entries_;
};

}  // namespace heteroglass::relaxation
