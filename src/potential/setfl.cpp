#include "potential/setfl.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include "core/error.hpp"

namespace heteroglass::potential {
namespace {

/// Numbers and words of the file's text, one after the other.
class Tokens {
 public:
  Tokens(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  std::string line() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string out = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    ++line_;
    return out;
  }
  std::string word(const std::string& what) {
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (begin == at_) fail(fmt::format("{} must follow, got the end of the file", what));
    return text_.substr(begin, at_ - begin);
  }
  double number(const std::string& what) {
    skip();
    double v = 0;
    const char* first = text_.data() + at_;
    if (at_ < text_.size() && *first == '+') ++first;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), v);
    // Fortran writes 1.0D-3.
    if (error == std::errc() && end < text_.data() + text_.size() && (*end == 'D' || *end == 'd')) {
      std::string fixed = word(what);
      for (char& c : fixed)
        if (c == 'D' || c == 'd') c = 'e';
      return std::stod(fixed);
    }
    if (error != std::errc() || !std::isfinite(v)) fail(fmt::format("{} must be a number, got '{}'", what, word(what)));
    at_ = static_cast<std::size_t>(end - text_.data());
    return v;
  }
  std::size_t count(const std::string& what) {
    const double v = number(what);
    if (!(v >= 5) || !(v < 1e8) || v != std::floor(v)) fail(fmt::format("{} must be a whole number from 5 on, got {}", what, v));
    return static_cast<std::size_t>(v);
  }
  std::vector<double> numbers(std::size_t n, const std::string& what) {
    std::vector<double> out(n);
    for (double& v : out) v = number(what);
    return out;
  }
  [[noreturn]] void fail(const std::string& why) const { throw FormatError(path_, line_, why); }

 private:
  void skip() {
    for (; at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])); ++at_) line_ += text_[at_] == '\n';
  }

  std::string path_, text_;
  std::size_t at_ = 0, line_ = 1;
};

}  // namespace

Setfl read_setfl(const std::filesystem::path& file, bool finnis_sinclair) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw FormatError(file.string(), 0, "must be readable");
  return parse_setfl(text.str(), file.string(), finnis_sinclair);
}

Setfl parse_setfl(std::string text, const std::string& where, bool finnis_sinclair) {
  Tokens tokens(where, std::move(text));
  for (int k = 0; k < 3; ++k) tokens.line();
  std::istringstream names(tokens.line());
  Setfl s;
  std::size_t n = 0;
  names >> n;
  for (std::string symbol; s.elements.size() < n && names >> symbol;) s.elements.push_back(symbol);
  if (n == 0 || n > 100 || s.elements.size() != n) tokens.fail("the number of elements and their names must stand in the fourth line");
  const std::size_t n_rho = tokens.count("Nrho");
  s.d_rho = tokens.number("drho");
  const std::size_t n_r = tokens.count("Nr");
  s.d_r = tokens.number("dr"), s.cutoff = tokens.number("the cut-off");
  if (!(s.d_rho > 0) || !(s.d_r > 0) || !(s.cutoff > 0))
    tokens.fail(fmt::format("drho, dr and the cut-off must be positive, got {} {} {}", s.d_rho, s.d_r, s.cutoff));
  s.density.resize(n), s.pair.assign(n, std::vector<std::vector<double>>(n));
  for (std::size_t a = 0; a < n; ++a) {
    tokens.number("the atomic number");
    s.mass.push_back(tokens.number("the mass"));
    tokens.number("the lattice constant");
    tokens.word("the lattice");
    s.embedding.push_back(tokens.numbers(n_rho, "F(rho) of " + s.elements[a]));
    for (std::size_t b = 0; b < n; ++b) {
      const bool given = finnis_sinclair || b == 0;
      s.density[a].push_back(given ? tokens.numbers(n_r, "the density of " + s.elements[a]) : s.density[a][0]);
    }
  }
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b <= a; ++b)
      s.pair[a][b] = s.pair[b][a] = tokens.numbers(n_r, "r phi of " + s.elements[a] + "-" + s.elements[b]);
  return s;
}

}  // namespace heteroglass::potential
