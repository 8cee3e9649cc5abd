"""The map of the body: eight views with named zones, drawn by ourselves, and the short way to type places."""

from untoward.web.body.map import VIEWS, ZONES, View, Zone, sites_of, spot_of, view_of, zone_label, zone_of

__all__ = ["VIEWS", "ZONES", "View", "Zone", "sites_of", "spot_of", "view_of", "zone_label", "zone_of"]
