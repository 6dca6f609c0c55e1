#pragma once

#include "common/storage/connection.hpp"
#include "receiver-service/store.hpp"

// The store's transactions as plain functions on a connection: all of the receiver's SQL is behind them.
namespace receiver::sqlite {

acceptance accept(storage::connection& db, const incoming& event);
std::vector<webhook::event> inbox(storage::connection& db, const std::string& user_id);
event_page events(storage::connection& db, const event_filter& filter);
std::optional<event_detail> find_event(storage::connection& db, event_id id);

} // namespace receiver::sqlite
