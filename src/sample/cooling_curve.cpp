#include "sample/cooling_curve.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <span>

#include "core/constants.hpp"

namespace heteroglass::sample {
namespace {

struct Rows {
  std::vector<double> time, temperature, volume, enthalpy;
};

struct Mean {
  double value = 0, error = 0;
};

Mean mean(std::span<const double> x, double independent) {
  Mean m;
  const double n = static_cast<double>(x.size());
  for (const double v : x) m.value += v / n;
  double s = 0;
  for (const double v : x) s += (v - m.value) * (v - m.value);
  m.error = x.size() > 1 ? std::sqrt(s / (n - 1) / std::clamp(independent, 1.0, n)) : std::nan("");
  return m;
}

void push(const Mean& m, std::vector<double>& values, std::vector<double>& errors) { values.push_back(m.value), errors.push_back(m.error); }

/// Rows sorted into bins of the program's temperature, which runs linearly in time within a part.
std::map<long, Rows, std::greater<>> binned(const std::vector<CoolingPart>& parts, double bin, std::size_t atoms, double pressure) {
  std::map<long, Rows, std::greater<>> bins;
  for (const CoolingPart& part : parts) {
    const std::vector<double>&time = part.log.at("Time").values, &t = part.log.at("Temp").values, &v = part.log.at("Volume").values,
          &e = part.log.at("TotEng").values;
    for (std::size_t i = 0; i < time.size(); ++i) {
      const double along = time.size() > 1 ? (time[i] - time.front()) / (time.back() - time.front()) : 0;
      Rows& rows = bins[std::lround((part.from + (part.to - part.from) * along) / bin)];
      rows.time.push_back(time[i]);
      rows.temperature.push_back(t[i]);
      rows.volume.push_back(v[i] / static_cast<double>(atoms));
      rows.enthalpy.push_back(enthalpy(e[i], v[i], pressure) / static_cast<double>(atoms));
    }
  }
  return bins;
}

}  // namespace

double enthalpy(double energy, double volume, double pressure) {
  return energy + pressure * volume / constants::ev_per_cubic_angstrom_in_gpa;
}

CoolingCurve cooling_curve(const std::vector<CoolingPart>& parts, double bin, std::size_t atoms, double pressure) {
  CoolingCurve c;
  for (const auto& [key, rows] : binned(parts, bin, atoms, pressure)) {
    const double independent = (rows.time.back() - rows.time.front()) / 0.5;
    push(mean(rows.temperature, independent), c.temperature, c.temperature_error);
    push(mean(rows.volume, independent), c.volume, c.volume_error);
    push(mean(rows.enthalpy, independent), c.enthalpy, c.enthalpy_error);
  }
  return c;
}

CoolingCurve mean_curve(const std::vector<CoolingCurve>& members) {
  if (members.size() == 1) return members.front();
  CoolingCurve c;
  const double independent = static_cast<double>(members.size());
  for (std::size_t i = 0; i < members.front().temperature.size(); ++i) {
    std::vector<double> t, v, h;
    for (const CoolingCurve& m : members) t.push_back(m.temperature.at(i)), v.push_back(m.volume.at(i)), h.push_back(m.enthalpy.at(i));
    push(mean(t, independent), c.temperature, c.temperature_error);
    push(mean(v, independent), c.volume, c.volume_error);
    push(mean(h, independent), c.enthalpy, c.enthalpy_error);
  }
  return c;
}

}  // namespace heteroglass::sample
