/// Small analyses of curves: what they are handed comes back as their result.
#pragma once

#include <cmath>

#include "core/analysis.hpp"

namespace heteroglass::test {

struct CurvesOptions {
  double offset = 0;
  static const ColumnRoles& columns() {
    static const ColumnRoles roles = {
        {"omega", "rad/s", "angular frequency", true, {"f", "frequency", "freq", "angularfrequency", "w"}},
        {"storage", "GPa", "storage modulus", true, {"estor", "e'", "g'", "storagemodulus"}},
        {"loss", "GPa", "loss modulus", false, {"eloss", "e''", "g''"}},
        {"temperature", "K", "temperature", false, {"t", "temp"}},
    };
    return roles;
  }
  static const Fields& fields() {
    static const Fields table = {field<&CurvesOptions::offset>("offset", "GPa", "added to the modulus")};
    return table;
  }
};

struct CurvesResult {
  int curves = 0;
  Measured mean{0, 0, "scatter"};
  std::vector<double> omega, storage, model;
  static const Fields& fields() {
    static const Fields table = {
        field<&CurvesResult::curves>("curves", "1", "number of curves").exact("a count"),
        field<&CurvesResult::mean>("mean", "GPa", "mean modulus"),
        field<&CurvesResult::omega>("omega", "rad/s", "angular frequency").exact("read from the file").log_axis(),
        field<&CurvesResult::model>("model", "GPa", "model").over("omega").with("storage").exact("a model").log_axis(),
        field<&CurvesResult::storage>("storage", "GPa", "storage modulus")
            .over("omega", Plot::points)
            .exact("read from the file")
            .log_axis(),
    };
    return table;
  }
};

inline CurvesResult curves(std::span<const Curve> input, const CurvesOptions& options, Context&) {
  CurvesResult r;
  r.curves = static_cast<int>(input.size());
  double sum = 0;
  for (const Curve& c : input) {
    const std::vector<double>&x = c.at("omega").values, &y = c.at("storage").values;
    r.omega.insert(r.omega.end(), x.begin(), x.end());
    r.storage.insert(r.storage.end(), y.begin(), y.end());
  }
  for (const double v : r.storage) sum += v + options.offset, r.model.push_back(v + options.offset);
  r.mean = {sum / static_cast<double>(r.storage.size()), 0.1, "scatter"};
  return r;
}

inline const Analysis& curves_analysis() {
  static const Analysis entry = analysis<&curves>("test", "curves", "numbers of curves", {}, "a test");
  return entry;
}

struct HeatOptions {
  static constexpr bool one_curve = true;
  static const ColumnRoles& columns() {
    static const ColumnRoles roles = {{"temperature", "K", "temperature", true, {"t", "temp"}},
                                      {"heat_flow", "W/g", "heat flow", true, {"heatflow", "dsc"}}};
    return roles;
  }
  static const Fields& fields() {
    static const Fields table = {};
    return table;
  }
};
struct HeatResult {
  std::vector<double> temperature, heat_flow;
  static const Fields& fields() {
    static const Fields table = {
        field<&HeatResult::temperature>("temperature", "K", "temperature").exact("read from the file"),
        field<&HeatResult::heat_flow>("heat_flow", "W/g", "heat flow, endotherm positive").over("temperature").exact("read from the file"),
    };
    return table;
  }
};
inline HeatResult heat(std::span<const Curve> input, const HeatOptions&, Context&) {
  return {input[0].at("temperature").values, input[0].at("heat_flow").values};
}
inline const Analysis& heat_analysis() {
  static const Analysis entry = analysis<&heat>("test", "heat", "a heat flow", {}, "a test");
  return entry;
}

}  // namespace heteroglass::test
