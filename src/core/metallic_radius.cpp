#include "core/metallic_radius.hpp"

#include <algorithm>
#include <iterator>

namespace heteroglass {
namespace {

struct Entry {
  std::string_view symbol;
  double radius;
};

constexpr Entry table[] = {
    {"Li", 1.57}, {"Be", 1.12}, {"Na", 1.91}, {"Mg", 1.60}, {"Al", 1.43}, {"K", 2.35},  {"Ca", 1.97}, {"Sc", 1.64}, {"Ti", 1.47},
    {"V", 1.35},  {"Cr", 1.29}, {"Mn", 1.37}, {"Fe", 1.26}, {"Co", 1.25}, {"Ni", 1.25}, {"Cu", 1.28}, {"Zn", 1.37}, {"Ga", 1.53},
    {"Rb", 2.50}, {"Sr", 2.15}, {"Y", 1.82},  {"Zr", 1.60}, {"Nb", 1.47}, {"Mo", 1.40}, {"Tc", 1.35}, {"Ru", 1.34}, {"Rh", 1.34},
    {"Pd", 1.37}, {"Ag", 1.44}, {"Cd", 1.52}, {"In", 1.67}, {"Sn", 1.58}, {"Cs", 2.72}, {"Ba", 2.24}, {"La", 1.88}, {"Ce", 1.82},
    {"Pr", 1.82}, {"Nd", 1.82}, {"Pm", 1.83}, {"Sm", 1.80}, {"Eu", 2.06}, {"Gd", 1.80}, {"Tb", 1.77}, {"Dy", 1.78}, {"Ho", 1.76},
    {"Er", 1.76}, {"Tm", 1.76}, {"Yb", 1.93}, {"Lu", 1.74}, {"Hf", 1.59}, {"Ta", 1.47}, {"W", 1.41},  {"Re", 1.37}, {"Os", 1.35},
    {"Ir", 1.36}, {"Pt", 1.39}, {"Au", 1.44}, {"Hg", 1.55}, {"Tl", 1.71}, {"Pb", 1.75},
};

}  // namespace

std::optional<double> metallic_radius(std::string_view symbol) {
  const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Entry& e) { return e.symbol == symbol; });
  if (found == std::end(table)) return std::nullopt;
  return found->radius;
}

}  // namespace heteroglass
