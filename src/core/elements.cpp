#include "core/elements.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// symbol, Z, mass, metallic radius, neutron length
// clang-format off
constexpr std::array<Element, 118> table = {{
    {"H", 1, 1.008, nan, -3.7390}, {"He", 2, 4.002602, nan, 3.26}, {"Li", 3, 6.94, 1.57, -1.90}, {"Be", 4, 9.0121831, 1.12, 7.79},
    {"B", 5, 10.81, nan, 5.30}, {"C", 6, 12.011, nan, 6.646}, {"N", 7, 14.007, nan, 9.36}, {"O", 8, 15.999, nan, 5.803},
    {"F", 9, 18.998403163, nan, 5.654}, {"Ne", 10, 20.1797, nan, 4.566}, {"Na", 11, 22.98976928, 1.91, 3.63},
    {"Mg", 12, 24.305, 1.60, 5.375}, {"Al", 13, 26.9815385, 1.43, 3.449}, {"Si", 14, 28.085, nan, 4.1491},
    {"P", 15, 30.973761998, nan, 5.13}, {"S", 16, 32.06, nan, 2.847}, {"Cl", 17, 35.45, nan, 9.577}, {"Ar", 18, 39.948, nan, 1.909},
    {"K", 19, 39.0983, 2.35, 3.67}, {"Ca", 20, 40.078, 1.97, 4.70}, {"Sc", 21, 44.955908, 1.64, 12.29}, {"Ti", 22, 47.867, 1.47, -3.438},
    {"V", 23, 50.9415, 1.35, -0.3824}, {"Cr", 24, 51.9961, 1.29, 3.635}, {"Mn", 25, 54.938044, 1.37, -3.73},
    {"Fe", 26, 55.845, 1.26, 9.45}, {"Co", 27, 58.933194, 1.25, 2.49}, {"Ni", 28, 58.6934, 1.25, 10.3}, {"Cu", 29, 63.546, 1.28, 7.718},
    {"Zn", 30, 65.38, 1.37, 5.68}, {"Ga", 31, 69.723, 1.53, 7.288}, {"Ge", 32, 72.63, nan, 8.185}, {"As", 33, 74.921595, nan, 6.58},
    {"Se", 34, 78.971, nan, 7.97}, {"Br", 35, 79.904, nan, 6.795}, {"Kr", 36, 83.798, nan, 7.81}, {"Rb", 37, 85.4678, 2.50, 7.09},
    {"Sr", 38, 87.62, 2.15, 7.02}, {"Y", 39, 88.90584, 1.82, 7.75}, {"Zr", 40, 91.224, 1.60, 7.16}, {"Nb", 41, 92.90637, 1.47, 7.054},
    {"Mo", 42, 95.95, 1.40, 6.715}, {"Tc", 43, 97, 1.35, 6.8}, {"Ru", 44, 101.07, 1.34, 7.03}, {"Rh", 45, 102.9055, 1.34, 5.88},
    {"Pd", 46, 106.42, 1.37, 5.91}, {"Ag", 47, 107.8682, 1.44, 5.922}, {"Cd", 48, 112.414, 1.52, 4.87}, {"In", 49, 114.818, 1.67, 4.065},
    {"Sn", 50, 118.71, nan, 6.225}, {"Sb", 51, 121.76, nan, 5.57}, {"Te", 52, 127.6, nan, 5.8}, {"I", 53, 126.90447, nan, 5.28},
    {"Xe", 54, 131.293, nan, 4.92}, {"Cs", 55, 132.90545196, 2.72, 5.42}, {"Ba", 56, 137.327, 2.24, 5.07},
    {"La", 57, 138.90547, 1.88, 8.24}, {"Ce", 58, 140.116, 1.82, 4.84}, {"Pr", 59, 140.90766, 1.82, 4.58},
    {"Nd", 60, 144.242, 1.81, 7.69}, {"Pm", 61, 145, nan, 12.6}, {"Sm", 62, 150.36, 1.80, 0.8}, {"Eu", 63, 151.964, nan, 7.22},
    {"Gd", 64, 157.25, 1.80, 6.5}, {"Tb", 65, 158.92535, 1.77, 7.38}, {"Dy", 66, 162.5, 1.78, 16.9}, {"Ho", 67, 164.93033, 1.76, 8.01},
    {"Er", 68, 167.259, 1.76, 7.79}, {"Tm", 69, 168.93422, 1.76, 7.07}, {"Yb", 70, 173.054, 1.93, 12.43},
    {"Lu", 71, 174.9668, 1.74, 7.21}, {"Hf", 72, 178.49, 1.59, 7.7}, {"Ta", 73, 180.94788, 1.47, 6.91}, {"W", 74, 183.84, 1.41, 4.86},
    {"Re", 75, 186.207, 1.37, 9.2}, {"Os", 76, 190.23, 1.35, 10.7}, {"Ir", 77, 192.217, 1.36, 10.6}, {"Pt", 78, 195.084, 1.39, 9.6},
    {"Au", 79, 196.966569, 1.44, 7.63}, {"Hg", 80, 200.592, 1.55, 12.692}, {"Tl", 81, 204.38, 1.71, 8.776},
    {"Pb", 82, 207.2, 1.75, 9.405}, {"Bi", 83, 208.9804, nan, 8.532}, {"Po", 84, 209, nan, nan}, {"At", 85, 210, nan, nan},
    {"Rn", 86, 222, nan, nan}, {"Fr", 87, 223, nan, nan}, {"Ra", 88, 226, nan, 10.0}, {"Ac", 89, 227, nan, nan},
    {"Th", 90, 232.0377, nan, 10.31}, {"Pa", 91, 231.03588, nan, 9.1}, {"U", 92, 238.02891, nan, 8.417}, {"Np", 93, nan, nan, 10.55},
    {"Pu", 94, nan, nan, nan}, {"Am", 95, nan, nan, 8.3}, {"Cm", 96, nan, nan, nan}, {"Bk", 97, nan, nan, nan}, {"Cf", 98, nan, nan, nan},
    {"Es", 99, nan, nan, nan}, {"Fm", 100, nan, nan, nan}, {"Md", 101, nan, nan, nan}, {"No", 102, nan, nan, nan},
    {"Lr", 103, nan, nan, nan}, {"Rf", 104, nan, nan, nan}, {"Db", 105, nan, nan, nan}, {"Sg", 106, nan, nan, nan},
    {"Bh", 107, nan, nan, nan}, {"Hs", 108, nan, nan, nan}, {"Mt", 109, nan, nan, nan}, {"Ds", 110, nan, nan, nan},
    {"Rg", 111, nan, nan, nan}, {"Cn", 112, nan, nan, nan}, {"Nh", 113, nan, nan, nan}, {"Fl", 114, nan, nan, nan},
    {"Mc", 115, nan, nan, nan}, {"Lv", 116, nan, nan, nan}, {"Ts", 117, nan, nan, nan}, {"Og", 118, nan, nan, nan},
}};
// clang-format on

}  // namespace

std::span<const Element> elements() { return table; }

const Element* find_element(std::string_view symbol) {
  for (const Element& e : table)
    if (e.symbol == symbol) return &e;
  return nullptr;
}

const Element& element(std::string_view symbol, std::string_view where) {
  if (const Element* e = find_element(symbol)) return *e;
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const Element& e : table) names.emplace_back(e.symbol);
  std::string capital(symbol);
  for (std::size_t i = 0; i < capital.size(); ++i)
    capital[i] = static_cast<char>(i == 0 ? std::toupper(static_cast<unsigned char>(capital[i]))
                                          : std::tolower(static_cast<unsigned char>(capital[i])));
  const std::string hint = find_element(capital) ? fmt::format(" (did you mean '{}'?)", capital) : did_you_mean(symbol, names);
  throw InputError(fmt::format("{}: must be the symbol of an element, got '{}'{}", where, symbol, hint));
}

const Element* element_of_mass(double mass, double tolerance) {
  const Element* best = nullptr;
  for (const Element& e : table)
    if (std::abs(e.mass - mass) <= tolerance && (!best || std::abs(e.mass - mass) < std::abs(best->mass - mass))) best = &e;
  return best;
}

bool mass_contradicts(const Element& element, double mass) {
  const double off = std::abs(element.mass - mass);
  if (std::isnan(off)) return false;
  if (off > 0.01 * element.mass) return true;
  const Element* other = element_of_mass(mass, 0.02);
  return other && other != &element && off > 0.02;
}

}  // namespace heteroglass
