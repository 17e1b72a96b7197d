#include "numeric/noise_table.hpp"

#include <cmath>

namespace heteroglass::numeric {

NoiseTable::NoiseTable(const std::string& control) : help_(control) {
  quantity_ = {"quantity", "1", "what is compared", true, {}, {}};
  control_ = {"control", "1", "what it is compared with", true, {}, {}};
  measured_ = {"measured", "1", "of the data", false, {}, {}};
  mean_ = {"surrogate_mean", "1", "of " + control, false, {}, {}};
  spread_ = {"surrogate_sd", "1", "standard deviation among them", false, {}, {}};
  p_ = {"p_value", "1", "share of them as far from their mean as the data, two-sided", false, {}, {}};
}

void NoiseTable::add(const std::string& quantity, double measured, std::span<const double> surrogates) {
  add(quantity, "", measured, surrogates);
}

void NoiseTable::add(const std::string& quantity, const std::string& control, double measured, std::span<const double> surrogates) {
  double mean = 0, squares = 0, n = 0, as_far = 0;
  for (const double v : surrogates)
    if (std::isfinite(v)) mean += v, ++n;
  mean /= n;
  for (const double v : surrogates)
    if (std::isfinite(v)) squares += (v - mean) * (v - mean), as_far += std::abs(v - mean) >= std::abs(measured - mean);
  quantity_.text.push_back(quantity), control_.text.push_back(control), measured_.number.push_back(measured);
  mean_.number.push_back(n > 0 ? mean : NAN), spread_.number.push_back(n > 1 ? std::sqrt(squares / (n - 1)) : NAN);
  p_.number.push_back(n > 0 && std::isfinite(measured) ? (as_far + 1) / (n + 1) : NAN);
}

Table NoiseTable::table() const {
  bool named = false;
  for (const std::string& c : control_.text) named = named || !c.empty();
  if (named) return {{quantity_, control_, measured_, mean_, spread_, p_}};
  return {{quantity_, measured_, mean_, spread_, p_}};
}

}  // namespace heteroglass::numeric
