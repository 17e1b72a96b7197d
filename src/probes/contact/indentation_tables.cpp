#include "probes/contact/indentation_tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "probes/contact/spread.hpp"

namespace heteroglass::probes {

std::vector<double> values_of(const std::vector<Indent>& all, Value Indent::*member, double Value::*part) {
  std::vector<double> v;
  v.reserve(all.size());
  for (const Indent& x : all) v.push_back(x.*member.*part);
  return v;
}

Table indent_table(const std::vector<Indent>& all) {
  Table t;
  t.add_text("curve");
  const auto value = [&](const std::string& name, const std::string& unit, Value Indent::*member, const std::string& help = {}) {
    t.add_number(name, unit, help).number = values_of(all, member, &Value::value);
    t.add_number(name + "_error", unit).number = values_of(all, member, &Value::error);
  };
  const auto plain = [&](const std::string& name, const std::string& unit, const std::string& help, auto get) {
    TableColumn& c = t.add_number(name, unit, help);
    for (const Indent& x : all) c.number.push_back(get(x));
  };
  for (const Indent& x : all) t.columns[0].text.push_back(x.label);
  value("shear_modulus", "GPa", &Indent::shear_modulus), value("relaxation_time", "s", &Indent::relaxation_time);
  plain("interval_low", "s", "95 % of the relaxation time, profile", [](const Indent& x) { return x.time_interval[0]; });
  plain("interval_high", "s", "", [](const Indent& x) { return x.time_interval[1]; });
  value("viscosity", "Pa s", &Indent::viscosity, "G t_c"), value("barrier", "eV", &Indent::barrier),
      value("ratio", "1", &Indent::ratio, "G_II/G_I");
  value("hertz_modulus", "GPa", &Indent::hertz_modulus, "of the elastic fit");
  value("contact_depth", "nm", &Indent::contact_depth, "where depth counts from");
  plain("load_max", "mN", "", [](const Indent& x) { return x.curve.load_max(); });
  plain("depth_max", "nm", "from contact", [](const Indent& x) { return x.curve.depth[x.curve.hold_end] - x.contact_depth.value; });
  plain("residual_sd", "nm", "of the fit", [](const Indent& x) { return x.fit ? x.fit->residual_sd : NAN; });
  plain("correlation", "1", "of successive residuals", [](const Indent& x) { return x.fit ? x.fit->correlation : NAN; });
  plain("points", "1", "fitted", [](const Indent& x) { return x.fit ? static_cast<double>(x.fit->points) : 0.0; });
  return t;
}

Table oliver_pharr_table(const std::vector<Indent>& all) {
  Table t;
  t.add_text("curve");
  for (const Indent& x : all) t.columns[0].text.push_back(x.label);
  const auto add = [&](const std::string& name, const std::string& unit, const std::string& help, double OliverPharr::*member) {
    TableColumn& c = t.add_number(name, unit, help);
    for (const Indent& x : all) c.number.push_back(x.unloading.*member);
  };
  using P = OliverPharr;
  add("h_it", "GPa", "indentation hardness H_IT", &P::h_it), add("h_it_error", "GPa", "", &P::h_it_error);
  add("e_it", "GPa", "indentation modulus E_IT", &P::e_it), add("e_it_error", "GPa", "", &P::e_it_error);
  add("e_r", "GPa", "reduced modulus", &P::e_r), add("stiffness", "mN/nm", "S at the largest depth", &P::stiffness);
  add("stiffness_error", "mN/nm", "", &P::stiffness_error), add("h_max", "nm", "", &P::h_max), add("p_max", "mN", "", &P::p_max);
  add("h_c", "nm", "contact depth under load", &P::h_c), add("h_r", "nm", "tangent continued to no load", &P::h_r);
  add("h_p", "nm", "depth left, of the power law", &P::h_p), add("m", "1", "exponent of the unloading", &P::m);
  add("epsilon", "1", "", &P::epsilon), add("area", "nm^2", "A_p", &P::area), add("n_it", "1", "elastic part of the work", &P::n_it);
  add("c_it", "1", "indentation creep in the hold", &P::c_it);
  return t;
}

Table model_table(const std::vector<Indent>& all) {
  Table t;
  t.add_text("model"), t.add_number("parameters", "1", "with the depth of contact"),
      t.add_number("bic", "1", "sum over the curves, relative to the least");
  t.add_number("best_of", "1", "curves that it describes best");
  std::array<double, 3> sum{}, best{};
  for (const Indent& x : all) {
    std::size_t least = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      sum[k] += x.bic[k];
      if (x.bic[k] < x.bic[least]) least = k;
    }
    best[least] += std::isfinite(x.bic[0]);
  }
  const double least = std::min({sum[0], std::isfinite(sum[1]) ? sum[1] : INFINITY, std::isfinite(sum[2]) ? sum[2] : INFINITY});
  t.columns[0].text = {"hertz", "kelvin", "zener"};
  t.columns[1].number = {2, 3, 4};
  for (const double b : sum) t.columns[2].number.push_back(b - least);
  t.columns[3].number.assign(best.begin(), best.end());
  return t;
}

Table stated_table(std::span<const Curve> curves, const std::vector<Indent>& all) {
  Table t;
  t.add_text("quantity"), t.add_text("of"), t.add_number("stated", "GPa", "by the file"), t.add_number("found", "GPa", "here");
  const auto add = [&](const char* quantity, const std::string& of, double stated, double found) {
    t.columns[0].text.emplace_back(quantity), t.columns[1].text.push_back(of);
    t.columns[2].number.push_back(stated), t.columns[3].number.push_back(found);
  };
  for (const Curve& c : curves)
    for (const char* name : {"h_it", "e_it"}) {
      const CurveColumn* column = c.find(name);
      if (const auto stated = c.property(std::string(name) + "_mean", "GPa"); stated && column)
        add(name, "mean", *stated, spread(column->values, {}).mean.value);
      if (const auto stated = c.property(std::string(name) + "_sd", "GPa"); stated && column)
        add(name, "standard deviation", *stated, spread(column->values, {}).observed_sd);
      if (const auto stated = c.property(name, "GPa"))
        for (const Indent& x : all)
          if (x.source == c.source) add(name, c.label, *stated, std::string(name) == "h_it" ? x.unloading.h_it : x.unloading.e_it);
    }
  return t;
}

}  // namespace heteroglass::probes
