#include "common/storage/shrink.hpp"

#include <algorithm>

namespace storage {

namespace {

std::int64_t number(connection& db, std::string_view pragma)
{
    auto row = db.prepare(pragma);
    return row.step() ? row.integer(0) : 0;
}

} // namespace

void shrink(connection& db)
{
    const auto unused = number(db, "PRAGMA freelist_count");
    const auto kept = std::max(spare_pages_max, number(db, "PRAGMA page_count") / spare_fraction);
    if (unused <= kept) {
        return;
    }
    const auto pages = std::min(shrunk_pages_max, unused - kept);
    db.run_script("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")");
}

} // namespace storage
