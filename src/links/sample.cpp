#include "links/sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <random>

namespace heteroglass::links {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using numeric::RankStatistics;
using Permutation = std::vector<std::uint32_t>;

/// Spearman, AUC and the deciles as one list of numbers.
template <class F> void for_members(F f) {
  f([](auto& s) -> auto& { return s.spearman; });
  f([](auto& s) -> auto& { return s.auc; });
  for (std::size_t k = 0; k < 10; ++k) f([k](auto& s) -> auto& { return s.decile[k]; });
}

/// Bits of x spread to every third place.
std::uint64_t spread_bits(std::uint64_t x) {
  std::uint64_t r = 0;
  for (int b = 0; b < 16; ++b) r |= (x >> b & 1) << (3 * b);
  return r;
}

struct Places {
  std::vector<int> block;             ///< of each atom
  std::vector<std::uint64_t> within;  ///< place on a space-filling curve
  int count = 0;

  Places(const Frame& frame, int blocks) : block(frame.size()), within(frame.size()), count(blocks * blocks * blocks) {
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const Vec3 s = frame.box.fractional(frame.position[i]);
      int b = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        const double x = std::clamp(s[k], 0.0, 1 - 1e-12) * blocks;
        b = b * blocks + static_cast<int>(x);
        within[i] |= spread_bits(static_cast<std::uint64_t>((x - std::floor(x)) * 65536)) << k;
      }
      block[i] = b;
    }
  }
};

/// Atoms of one group; `place` are their places in the list of all valid atoms.
struct Group {
  std::vector<std::uint32_t> member;
  std::vector<int> block;
};

/// Permutations of the valid atoms that keep every species to itself.
class Shuffler {
 public:
  Shuffler(const Frame& frame, const Places& places, const std::vector<std::uint32_t>& valid, std::uint64_t seed)
      : random_(seed), size_(valid.size()) {
    by_species_.resize(frame.species.size());
    for (std::uint32_t k = 0; k < valid.size(); ++k) by_species_[static_cast<std::size_t>(frame.type[valid[k]])].push_back(k);
    block_.reserve(valid.size());
    for (const std::uint32_t i : valid) block_.push_back(places.block[i]);
    blocks_ = places.count;
    for (auto& list : by_species_)
      std::stable_sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(block_[a], places.within[valid[a]]) < std::pair(block_[b], places.within[valid[b]]);
      });
  }

  Permutation atoms() {
    Permutation p(size_);
    for (const auto& list : by_species_) {
      std::vector<std::uint32_t> from = list;
      shuffle(from);
      for (std::size_t k = 0; k < list.size(); ++k) p[list[k]] = from[k];
    }
    return p;
  }

  Permutation whole_blocks() {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(blocks_));
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order);
    Permutation p(size_);
    for (const auto& list : by_species_) {
      std::vector<std::uint32_t> from = list;
      std::stable_sort(from.begin(), from.end(), [&](std::uint32_t a, std::uint32_t b) {
        return order[static_cast<std::size_t>(block_[a])] < order[static_cast<std::size_t>(block_[b])];
      });
      for (std::size_t k = 0; k < list.size(); ++k) p[list[k]] = from[k];
    }
    return p;
  }

 private:
  /// Fisher and Yates, written out: the standard library's is not the same everywhere.
  void shuffle(std::vector<std::uint32_t>& v) {
    for (std::size_t k = v.size(); k > 1; --k) std::swap(v[k - 1], v[random_() % k]);
  }

  std::mt19937_64 random_;
  std::size_t size_;
  std::vector<std::vector<std::uint32_t>> by_species_;
  std::vector<int> block_;
  int blocks_;
};

RankStatistics jackknife(const numeric::RankedPair& pair, const std::vector<int>& block, int count) {
  std::vector<bool> used(static_cast<std::size_t>(count), false);
  for (const int b : block) used[static_cast<std::size_t>(b)] = true;
  std::vector<RankStatistics> left;
  for (int b = 0; b < count; ++b)
    if (used[static_cast<std::size_t>(b)]) left.push_back(pair.without(block, b));
  RankStatistics error;
  const double g = double(left.size());
  for_members([&](auto get) {
    double mean = 0, squares = 0;
    for (auto& s : left) mean += get(s) / g;
    for (auto& s : left) squares += (get(s) - mean) * (get(s) - mean);
    get(error) = g > 1 ? std::sqrt((g - 1) / g * squares) : nan;
  });
  return error;
}

/// Running mean and spread of a control.
struct Control {
  RankStatistics sum, squares;
  double block_sum = 0, block_squares = 0;

  void add(const numeric::RankedPair& pair, const Permutation& atoms, const Permutation& blocks) {
    const RankStatistics s = pair.permuted(atoms);
    for_members([&](auto get) {
      get(sum) += get(s);
      get(squares) += get(s) * get(s);
    });
    const double rho = pair.permuted(blocks).spearman;
    block_sum += rho;
    block_squares += rho * rho;
  }
  static double spread(double sum, double squares, double n) {
    return n > 1 ? std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1))) : nan;
  }
  void finish(int shuffles, Link& link) {
    const double n = shuffles;
    for_members([&](auto get) {
      get(link.control) = n > 0 ? get(sum) / n : nan;
      get(link.control_spread) = spread(get(sum), get(squares), n);
    });
    link.block_spread = spread(block_sum, block_squares, n);
  }
};

std::vector<std::uint32_t> valid_atoms(const std::vector<Indicator>& indicators, const std::vector<double>& response) {
  std::vector<std::uint32_t> valid;
  for (std::uint32_t i = 0; i < response.size(); ++i) {
    const bool all = std::all_of(indicators.begin(), indicators.end(), [&](const Indicator& x) { return std::isfinite(x.values[i]); });
    if (all && std::isfinite(response[i])) valid.push_back(i);
  }
  return valid;
}

std::vector<Group> groups_of(const Frame& frame, const Places& places, const std::vector<std::uint32_t>& valid) {
  std::vector<Group> groups(frame.species.size() + 1);
  for (std::uint32_t k = 0; k < valid.size(); ++k)
    for (const std::size_t g : {static_cast<std::size_t>(frame.type[valid[k]]), frame.species.size()}) {
      groups[g].member.push_back(k);
      groups[g].block.push_back(places.block[valid[k]]);
    }
  return groups;
}

/// A permutation of all valid atoms as one of the group's own numbers.
Permutation local(const Permutation& p, const Group& group, const std::vector<std::uint32_t>& number) {
  Permutation own(group.member.size());
  for (std::size_t k = 0; k < own.size(); ++k) own[k] = number[p[group.member[k]]];
  return own;
}

}  // namespace

Links sample_links(const Frame& frame, const std::vector<Indicator>& indicators, const std::vector<double>& response,
                   const SampleOptions& options, Context& context) {
  const Places places(frame, options.blocks);
  const auto valid = valid_atoms(indicators, response);
  const auto groups = groups_of(frame, places, valid);
  Shuffler shuffler(frame, places, valid, options.seed);
  Links links(groups.size(), std::vector<Link>(indicators.size()));
  const auto tasks = static_cast<std::ptrdiff_t>(indicators.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    context.progress(double(g) / double(groups.size()), "rank statistics");
    context.check_cancelled();
    std::vector<double> y;
    for (const std::uint32_t k : group.member) y.push_back(response[valid[k]]);
    const auto shared = std::make_shared<numeric::RankedResponse>(std::move(y));
    std::vector<numeric::RankedPair> pairs;
    for (const Indicator& indicator : indicators) {
      std::vector<double> x;
      for (const std::uint32_t k : group.member) x.push_back(indicator.values[valid[k]]);
      pairs.emplace_back(x, shared);
    }
    std::vector<std::uint32_t> number(valid.size(), 0);
    for (std::uint32_t k = 0; k < group.member.size(); ++k) number[group.member[k]] = k;
    std::vector<Control> controls(indicators.size());
#pragma omp parallel for schedule(dynamic)
    for (std::ptrdiff_t t = 0; t < tasks; ++t) {
      const auto i = static_cast<std::size_t>(t);
      links[g][i].atoms = group.member.size();
      links[g][i].value = pairs[i].statistics();
      links[g][i].error = jackknife(pairs[i], group.block, places.count);
    }
    Shuffler same = shuffler;  // every group sees the same permutations
    const int batch = std::clamp(static_cast<int>(4000000 / (valid.size() + 1)), 1, options.shuffles);
    for (int done = 0; done < options.shuffles; done += batch) {
      std::vector<Permutation> atoms, blocks;
      for (int s = done; s < std::min(done + batch, options.shuffles); ++s) {
        atoms.push_back(local(same.atoms(), group, number));
        blocks.push_back(local(same.whole_blocks(), group, number));
      }
      context.check_cancelled();
#pragma omp parallel for schedule(dynamic)
      for (std::ptrdiff_t t = 0; t < tasks; ++t)
        for (std::size_t s = 0; s < atoms.size(); ++s)
          controls[static_cast<std::size_t>(t)].add(pairs[static_cast<std::size_t>(t)], atoms[s], blocks[s]);
    }
    for (std::size_t i = 0; i < indicators.size(); ++i) controls[i].finish(options.shuffles, links[g][i]);
  }
  return links;
}

}  // namespace heteroglass::links
