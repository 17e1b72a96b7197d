/// What many indents give together: means and spreads, maps with their correlation lengths, groups, statistics of pop-ins.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "probes/contact/indent.hpp"
#include "probes/contact/indent_grid.hpp"

namespace heteroglass::probes {

/// One quantity of all indents, in their order.
struct Quantity {
  std::string name, unit;
  std::vector<double> value, error;
};

/// Places of the indents; without a grid one row of them.
struct Placement {
  IndentGrid grid;
  bool real = false;  ///< a grid was given or found
};

/// @param x, y [nm] positions; may be empty @param numbers of the indents @throws InputError
Placement placement(const IndentationOptions& options, const std::vector<double>& x, const std::vector<double>& y,
                    const std::vector<double>& numbers, Context& context);

/// Fills means, spreads, maps, correlation lengths and clusters. @param contact_radius [nm] of the contacts; NaN: not known
void fill_maps(const std::vector<Quantity>& quantities, const Placement& place, double contact_radius, const IndentationOptions& options,
               Indentation& out, Context& context);

/// Fills the table of pop-ins and their statistics.
void fill_pop_ins(const std::vector<Indent>& indents, const IndentSettings& settings, const IndentationOptions& options, Indentation& out,
                  Context& context);

}  // namespace heteroglass::probes
