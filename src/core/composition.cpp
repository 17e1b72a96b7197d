#include "core/composition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass {
namespace {

bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_number_part(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; }

[[noreturn]] void refuse(std::string_view where, std::string_view text, const std::string& why) {
  throw InputError(fmt::format("{}: a composition is elements with atomic amounts, e.g. Cu64Zr36; {} in '{}'", where, why, text));
}

void check_symbol(std::string_view where, std::string_view text, std::string_view symbol) {
  if (find_element(symbol)) return;
  std::vector<std::string> names;
  for (const Element& e : elements()) names.emplace_back(e.symbol);
  refuse(where, text, fmt::format("got no element '{}'{}", symbol, did_you_mean(symbol, names)));
}

}  // namespace

double Composition::molar_mass() const {
  double mass = 0;
  for (const Component& c : components) mass += c.fraction * find_element(c.symbol)->mass;
  return mass;
}

std::vector<std::string> Composition::symbols() const {
  std::vector<std::string> out;
  for (const Component& c : components) out.push_back(c.symbol);
  return out;
}

std::vector<int> Composition::counts(int atoms) const {
  std::vector<int> whole;
  std::vector<double> rest;
  for (const Component& c : components) {
    const double exact = c.fraction * atoms;
    whole.push_back(static_cast<int>(std::floor(exact + 1e-9)));
    rest.push_back(exact - whole.back());
  }
  std::vector<std::size_t> order(whole.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  int missing = atoms - std::accumulate(whole.begin(), whole.end(), 0);
  for (std::size_t k = 0; missing > 0; k = (k + 1) % order.size(), --missing) ++whole[order[k]];
  return whole;
}

Composition parse_composition(std::string_view text, std::string_view where) {
  Composition out;
  double sum = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '-') {
      ++i;
      continue;
    }
    if (!is_upper(text[i])) refuse(where, text, fmt::format("got '{}'", text.substr(i)));
    std::size_t end = i + 1;
    while (end < text.size() && is_lower(text[end])) ++end;
    const std::string symbol(text.substr(i, end - i));
    check_symbol(where, text, symbol);
    for (const Component& c : out.components)
      if (c.symbol == symbol) refuse(where, text, fmt::format("got {} twice", symbol));
    double amount = 1;
    i = end;
    while (end < text.size() && is_number_part(text[end])) ++end;
    if (end > i) {
      const auto [last, error] = std::from_chars(text.data() + i, text.data() + end, amount);
      if (error != std::errc() || last != text.data() + end || !(amount > 0))
        refuse(where, text, fmt::format("got the amount '{}' of {}", text.substr(i, end - i), symbol));
    }
    i = end;
    out.components.push_back({symbol, amount});
    sum += amount;
  }
  if (out.components.empty()) refuse(where, text, "got nothing");
  for (Component& c : out.components) c.fraction /= sum;
  return out;
}

}  // namespace heteroglass
